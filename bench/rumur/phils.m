-- Dining philosophers, all of whom reach for the left fork first, and put it down first.
-- One deadlock. That neighbours do not eat at once is left out here as it is for SPIN.
const
  N: 8;
type
  Seat: 0 .. N - 1;
  Place: enum { thinking, reaching, eating, sated };
var
  place: array [Seat] of Place;
  inHand: array [Seat] of boolean;

startstate begin
  for s: Seat do
    place[s] := thinking;
    inHand[s] := false;
  end;
end;

ruleset s: Seat do
  rule "takes the left"
    place[s] = thinking & !inHand[s]
  ==> begin
    inHand[s] := true;
    place[s] := reaching;
  end;

  rule "takes the right"
    place[s] = reaching & !inHand[(s + 1) % N]
  ==> begin
    inHand[(s + 1) % N] := true;
    place[s] := eating;
  end;

  rule "returns the left"
    place[s] = eating
  ==> begin
    inHand[s] := false;
    place[s] := sated;
  end;

  rule "returns the right"
    place[s] = sated
  ==> begin
    inHand[(s + 1) % N] := false;
    place[s] := thinking;
  end;
end;

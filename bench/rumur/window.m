-- Sliding window of W frames over two channels of capacity C. Frames carry their number modulo twice W + 1, so that the
-- receiver can assert that it takes the right one. Lost are first sendings and acknowledgements.
const
  W: 2;
  C: 3;
  SEQUENCE: W + 1;
  FRAMES: 2 * SEQUENCE;
type
  Frame: 0 .. FRAMES - 1;
  Place: 0 .. C - 1;
var
  oldest: Frame;
  sent: 0 .. W;
  expected: Frame;
  frames: array [Place] of Frame;
  waiting: 0 .. C;  -- frames
  acks: array [Place] of 0 .. SEQUENCE - 1;
  answers: 0 .. C;  -- acks

procedure send(nth: 0 .. W); begin
  frames[waiting] := (oldest + nth) % FRAMES;
  waiting := waiting + 1;
end;

procedure takeFrame(); var frame: Frame; begin
  frame := frames[0];
  for p: Place do
    if p + 1 < waiting then frames[p] := frames[p + 1];
    elsif p + 1 = waiting then frames[p] := 0;
    end;
  end;
  waiting := waiting - 1;
  if frame % SEQUENCE = expected % SEQUENCE then
    assert "frames are taken in order" frame = expected;
    expected := (expected + 1) % FRAMES;
  end;
end;

startstate begin
  oldest := 0;
  sent := 0;
  expected := 0;
  waiting := 0;
  answers := 0;
  for p: Place do
    frames[p] := 0;
    acks[p] := 0;
  end;
end;

rule "sends the next"
  sent < W & waiting < C
==> begin
  send(sent);
  sent := sent + 1;
end;

rule "sends the next in vain"
  sent < W
==> begin
  sent := sent + 1;
end;

ruleset nth: 0 .. W - 1 do
  rule "sends again"
    nth < sent & waiting < C
  ==> begin
    send(nth);
  end;
end;

rule "takes an acknowledgement"
  answers > 0
==> var count: 0 .. SEQUENCE - 1; begin
  count := (acks[0] + FRAMES - oldest) % SEQUENCE;
  for p: Place do
    if p + 1 < answers then acks[p] := acks[p + 1];
    elsif p + 1 = answers then acks[p] := 0;
    end;
  end;
  answers := answers - 1;
  if count > 0 & count <= sent then
    oldest := (oldest + count) % FRAMES;
    sent := sent - count;
  end;
end;

rule "takes a frame and answers"
  waiting > 0 & answers < C
==> begin
  takeFrame();
  acks[answers] := expected % SEQUENCE;
  answers := answers + 1;
end;

rule "takes a frame and answers in vain"
  waiting > 0
==> begin
  takeFrame();
end;

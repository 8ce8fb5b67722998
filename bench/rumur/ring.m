-- Leader election after Chang and Roberts in a ring of N nodes with inboxes of capacity C. Node i has the identity
-- (3i mod N) + 1, so N must not be a multiple of 3. The election ends, which is no mistake.
const
  N: 8;
  C: 2;
type
  Node: 0 .. N - 1;
  Identity: 1 .. N;
  Place: 0 .. C - 1;
var
  node: array [Node] of record
    competing: boolean;
    leading: boolean;
    inbox: array [Place] of 0 .. N;  -- 0: nothing
    waiting: 0 .. C;
  end;

function own(i: Node): Identity; begin
  return (3 * i) % N + 1;
end;

-- puts a candidate into the inbox of the next node
procedure propose(i: Node; candidate: Identity); begin
  alias next: node[(i + 1) % N] do
    next.inbox[next.waiting] := candidate;
    next.waiting := next.waiting + 1;
  end;
end;

startstate begin
  for i: Node do
    node[i].competing := false;
    node[i].leading := false;
    node[i].waiting := 0;
    for p: Place do node[i].inbox[p] := 0; end;
  end;
end;

ruleset i: Node do
  alias me: node[i] do
    rule "calls the election"
      !me.competing & node[(i + 1) % N].waiting < C
    ==> begin
      me.competing := true;
      propose(i, own(i));
    end;

    rule "hears of a candidate"
      me.waiting > 0 & node[(i + 1) % N].waiting < C
    ==> var candidate: Identity; begin
      candidate := me.inbox[0];
      for p: Place do
        if p + 1 < me.waiting then me.inbox[p] := me.inbox[p + 1];
        elsif p + 1 = me.waiting then me.inbox[p] := 0;
        end;
      end;
      me.waiting := me.waiting - 1;
      if candidate > own(i) then
        me.competing := true;
        propose(i, candidate);
      elsif candidate = own(i) then
        me.leading := true;
      elsif !me.competing then
        me.competing := true;
        propose(i, own(i));
      end;
    end;
  end;
end;

invariant "only the greatest leads"
  forall i: Node do node[i].leading -> own(i) = N end;

-- T threads, each of which faults a page in under the shared lock or truncates the mapping (P pages) under the exclusive
-- one; a device that reports failures into a queue of capacity C; a worker that handles them under the exclusive lock.
const
  T: 2;
  P: 2;
  C: 2;
type
  Thread: 1 .. T;
  Place: 0 .. C - 1;
  Step: enum { running, faulting, reading, installing, leaving, truncating, emptying, finishing };
  WorkerStep: enum { waiting, notified, handling, ending };
var
  thread: array [Thread] of record
    at: Step;
    refused: boolean;
  end;
  worker: WorkerStep;
  freezes: boolean;  -- what the worker has at hand: poison, or a freeze
  readers: 0 .. T;
  holder: 0 .. T + 1;  -- nobody, a thread, or the worker
  truncation: boolean;
  poisoned: boolean;
  frozen: boolean;
  mapped: 0 .. P;
  failures: array [Place] of boolean;
  queued: 0 .. C;

startstate begin
  for t: Thread do
    thread[t].at := running;
    thread[t].refused := false;
  end;
  worker := waiting;
  freezes := false;
  readers := 0;
  holder := 0;
  truncation := false;
  poisoned := false;
  frozen := false;
  mapped := 0;
  queued := 0;
  for p: Place do failures[p] := false; end;
end;

ruleset t: Thread do
  alias me: thread[t] do
    rule "touches a page" me.at = running ==> begin
      me.at := faulting;
    end;

    rule "locks, shared" me.at = faulting & holder = 0 & !truncation ==> begin
      me.at := reading;
      readers := readers + 1;
    end;

    rule "reads the flags" me.at = reading ==> begin
      me.at := installing;
      me.refused := poisoned | frozen;
    end;

    rule "installs the page" me.at = installing ==> begin
      me.at := leaving;
      if !me.refused & mapped < P then mapped := mapped + 1; end;
    end;

    rule "is done with the fault" me.at = leaving ==> begin
      me.at := running;
      me.refused := false;
      readers := readers - 1;
    end;

    rule "calls truncate" me.at = running & !truncation ==> begin
      me.at := truncating;
      truncation := true;
    end;

    rule "locks, exclusive" me.at = truncating & holder = 0 & readers = 0 ==> begin
      me.at := emptying;
      holder := t;
    end;

    rule "empties the mapping" me.at = emptying ==> begin
      me.at := finishing;
      mapped := 0;
    end;

    rule "is done with the truncation" me.at = finishing ==> begin
      me.at := running;
      holder := 0;
      truncation := false;
      poisoned := false;
    end;
  end;
end;

ruleset freeze: boolean do
  rule "the device reports" queued < C ==> begin
    failures[queued] := freeze;
    queued := queued + 1;
  end;
end;

rule "the worker is notified" worker = waiting & queued > 0 ==> begin
  worker := notified;
  freezes := failures[0];
  for p: Place do
    if p + 1 < queued then failures[p] := failures[p + 1];
    elsif p + 1 = queued then failures[p] := false;
    end;
  end;
  queued := queued - 1;
end;

rule "the worker locks" worker = notified & holder = 0 & readers = 0 ==> begin
  worker := handling;
  holder := T + 1;
end;

rule "the worker handles the failure" worker = handling ==> begin
  worker := ending;
  if freezes then
    frozen := !frozen;
  else
    poisoned := true;
    if mapped > 0 then mapped := mapped - 1; end;
  end;
end;

rule "the worker is done" worker = ending ==> begin
  worker := waiting;
  freezes := false;
  holder := 0;
end;

invariant "who writes is alone, and pages suffice"
  (holder = 0 | readers = 0) & mapped <= P;

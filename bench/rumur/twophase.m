-- Two-phase commit. Messages stay once they are sent, so hearing one again is a rule that fires and changes nothing.
const
  N: 3;
type
  Manager: 1 .. N;
  Progress: enum { working, prepared, committed, aborted };
  Decision: enum { deciding, toCommit, toAbort };
var
  manager: array [Manager] of record
    progress: Progress;
    voted: boolean;  -- its message "prepared" has been sent
    heard: boolean;  -- and the coordinator has heard it
  end;
  decision: Decision;
  commitSent: boolean;
  abortSent: boolean;

startstate begin
  for m: Manager do
    manager[m].progress := working;
    manager[m].voted := false;
    manager[m].heard := false;
  end;
  decision := deciding;
  commitSent := false;
  abortSent := false;
end;

rule "all have prepared: commit"
  decision = deciding & forall m: Manager do manager[m].heard end
==> begin
  decision := toCommit;
  commitSent := true;
end;

rule "abort, for whatever reason"
  decision = deciding
==> begin
  decision := toAbort;
  abortSent := true;
end;

ruleset m: Manager do
  rule "the coordinator hears"
    decision = deciding & manager[m].voted
  ==> begin
    manager[m].heard := true;
  end;

  rule "work is finished"
    manager[m].progress = working
  ==> begin
    manager[m].progress := prepared;
    manager[m].voted := true;
  end;

  rule "work has failed"
    manager[m].progress = working
  ==> begin
    manager[m].progress := aborted;
  end;

  rule "told to commit"
    commitSent
  ==> begin
    manager[m].progress := committed;
  end;

  rule "told to abort"
    abortSent
  ==> begin
    manager[m].progress := aborted;
  end;
end;

invariant "nobody commits while another aborts"
  (forall m: Manager do manager[m].progress != committed end)
  | (forall m: Manager do manager[m].progress != aborted end);

/*
 * Two-phase commit. Every set is a word with a bit for each of N managers: who has prepared, committed or given up, whose
 * message "prepared" has been sent, and of whom the coordinator has heard. Messages stay once they are sent, so hearing
 * one again is a step that changes nothing.
 */
#ifndef N
#define N 3
#endif

#define EVERYBODY ((1 << N) - 1)
#define ME        (1 << _pid)
#define WORKING   (!((prepared | committed | aborted) & ME))
#define AGREED    (!(committed && aborted))

mtype = { deciding, toCommit, toAbort };

short prepared, committed, aborted;  /* the managers' states; who is in none of them is working */
short voted, heard;
bit   commitSent, abortSent;
mtype decision = deciding;

active [N] proctype Manager()
{
  do
  :: d_step { WORKING -> prepared = prepared | ME; voted = voted | ME }
  :: d_step { WORKING -> aborted = aborted | ME; assert(AGREED) }
  :: d_step { commitSent -> prepared = prepared & ~ME; aborted = aborted & ~ME; committed = committed | ME; assert(AGREED) }
  :: d_step { abortSent -> prepared = prepared & ~ME; committed = committed & ~ME; aborted = aborted | ME; assert(AGREED) }
  /* the coordinator's step: it hears of this manager */
  :: d_step { decision == deciding && (voted & ME) -> heard = heard | ME }
  od
}

active proctype Coordinator()
{
  do
  :: d_step { decision == deciding && heard == EVERYBODY -> decision = toCommit; commitSent = 1 }
  :: d_step { decision == deciding -> decision = toAbort; abortSent = 1 }
  od
}

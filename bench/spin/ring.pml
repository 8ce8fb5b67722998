/*
 * Leader election after Chang and Roberts in a ring of N nodes with inboxes of capacity C. Node i has the identity
 * (3i mod N) + 1, so N must not be a multiple of 3. The election ends: pan is told to pass over that (-E).
 */
#ifndef N
#define N 8
#endif
#ifndef C
#define C 2
#endif

chan inbox[N] = [C] of { byte };

#define OWN  ((3 * _pid) % N + 1)
#define NEXT inbox[(_pid + 1) % N]

active [N] proctype Node()
{
  bit competing, leading;
  byte candidate;

  do
  :: d_step { !competing && nfull(NEXT) -> competing = 1; NEXT!OWN }
  :: d_step {
       nempty(inbox[_pid]) && nfull(NEXT) -> inbox[_pid]?candidate;
       if
       :: candidate > OWN -> competing = 1; NEXT!candidate
       :: candidate == OWN -> assert(candidate == N); leading = 1
       :: candidate < OWN && !competing -> competing = 1; NEXT!OWN
       :: else
       fi;
       candidate = 0
     }
  od
}

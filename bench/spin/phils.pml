/*
 * Dining philosophers, all of whom reach for the left fork first, and put it down first. One deadlock, which pan is told
 * to pass over (-E). That neighbours do not eat at once is not asserted: it would cost SPIN time and is plain from the forks.
 */
#ifndef N
#define N 8
#endif

bool inHand[N];

#define LEFT  inHand[_pid]
#define RIGHT inHand[(_pid + 1) % N]

active [N] proctype Philosopher()
{
  do
  :: d_step { !LEFT -> LEFT = true };
     d_step { !RIGHT -> RIGHT = true };
     LEFT = false;
     RIGHT = false
  od
}

/*
 * T threads, each of which faults a page in under the shared lock or truncates the mapping (P pages) under the exclusive
 * one; a device that reports failures into a queue of capacity C; a worker that handles them under the exclusive lock.
 */
#ifndef T
#define T 2
#endif
#ifndef P
#define P 2
#endif
#ifndef C
#define C 2
#endif

byte readers, holder, mapped;        /* holder: 0 nobody, otherwise one more than the process that writes */
bit  truncating, poisoned, frozen;
chan failures = [C] of { bit };      /* 0 poison, 1 freeze or thaw */

#define SOUND   assert((holder == 0 || readers == 0) && mapped <= P)
#define CLAIM   d_step { holder == 0 && readers == 0 -> holder = _pid + 1; SOUND }

active [T] proctype Thread()
{
  bit refused;

  do
  :: true;  /* a page is touched */
     d_step { holder == 0 && !truncating -> readers++; SOUND };
     refused = poisoned | frozen;
     d_step {
       if
       :: !refused && mapped < P -> mapped++
       :: else
       fi;
       SOUND
     };
     d_step { refused = 0; readers-- }
  :: d_step { !truncating -> truncating = 1 };
     CLAIM;
     mapped = 0;
     d_step { holder = 0; truncating = 0; poisoned = 0 }
  od
}

active proctype Worker()
{
  bit failure;

  do
  :: failures?failure;
     CLAIM;
     d_step {
       if
       :: failure -> frozen = 1 - frozen
       :: !failure -> poisoned = 1;
          if
          :: mapped > 0 -> mapped--
          :: else
          fi
       fi;
       SOUND
     };
     d_step { failure = 0; holder = 0 }
  od
}

active proctype Device()
{
  do
  :: failures!0
  :: failures!1
  od
}

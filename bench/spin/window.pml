/*
 * Sliding window of W frames over two channels of capacity C. W + 1 sequence numbers go over the wire in the real
 * protocol; frames carry their number modulo twice that, so that the receiver can assert that it takes the right one.
 * A first sending and an acknowledgement may be lost; losing a repeated frame would change nothing.
 */
#ifndef W
#define W 2
#endif
#ifndef C
#define C 3
#endif
#define SEQUENCE (W + 1)
#define FRAMES   (2 * SEQUENCE)

chan frames = [C] of { byte };
chan acks   = [C] of { byte };

#define AGAIN(nth) d_step { nth < sent && nfull(frames) -> frames!((oldest + nth) % FRAMES) }

active proctype Sender()
{
  byte oldest, sent, count;

  do
  :: d_step { sent < W && nfull(frames) -> frames!((oldest + sent) % FRAMES); sent++ }
  :: d_step { sent < W -> sent++ }
  :: AGAIN(0)
#if W > 1
  :: AGAIN(1)
#endif
#if W > 2
  :: AGAIN(2)
#endif
#if W > 3
  :: AGAIN(3)
#endif
#if W > 4
#error "AGAIN has to be written out for this window"
#endif
  :: d_step {
       nempty(acks) -> acks?count;
       count = (count + FRAMES - oldest) % SEQUENCE;
       if
       :: count > 0 && count <= sent -> oldest = (oldest + count) % FRAMES; sent = sent - count
       :: else
       fi;
       count = 0
     }
  od
}

#define TAKE \
       frames?frame; \
       if \
       :: frame % SEQUENCE == expected % SEQUENCE -> assert(frame == expected); expected = (expected + 1) % FRAMES \
       :: else \
       fi; \
       frame = 0

active proctype Receiver()
{
  byte expected, frame;

  do
  :: d_step { nempty(frames) && nfull(acks) -> TAKE; acks!(expected % SEQUENCE) }
  :: d_step { nempty(frames) -> TAKE }
  od
}

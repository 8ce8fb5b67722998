/*
 * usage FILE COMMAND...: runs the command, and writes into the file what it took: wall, user and system seconds, and the
 * peak resident size in KiB. As GNU time does with "%e %U %S %M", but finer, and where that is not installed.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }

int main(int argc, char **argv) {
  struct timespec begun, ended;
  struct rusage used;
  int status;
  if (argc < 3) return 125;
  clock_gettime(CLOCK_MONOTONIC, &begun);
  pid_t child = fork();
  if (child == 0) {
    execvp(argv[2], argv + 2);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &used) < 0) return 126;
  clock_gettime(CLOCK_MONOTONIC, &ended);
  double wall = (ended.tv_sec - begun.tv_sec) + (ended.tv_nsec - begun.tv_nsec) / 1e9;
  FILE *file = fopen(argv[1], "w");
  if (file == NULL) return 126;
  fprintf(file, "%.6f %.6f %.6f %ld\n", wall, seconds(used.ru_utime), seconds(used.ru_stime), used.ru_maxrss);
  fclose(file);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/*
 * The program of the logs "memory*.log": memory calls of every kind, mostly in one region of 256 pages, by a process, a
 * thread and a forked child. At the end each process writes its own /proc/self/maps, which the import has to come to.
 *
 *     gcc -O1 -pthread memory.c -o memory
 *     strace -f -e trace=%memory,%process,%desc,%ipc,prctl -o memory.log ./memory
 *     strace -f -y -e trace=%memory,%process,%desc,%ipc,prctl -o memory-paths.log ./memory
 *     strace -ff -ttt -T -e trace=%memory,%process,%desc,%ipc,prctl -o memory-thread ./memory
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#define P 4096
static char *reserve(long pages)
{
  char *at = mmap(0, pages * P, PROT_NONE, 0x22, -1, 0);
  munmap(at, pages * P);
  return at;
}
static void list(const char *to) {
  static char text[1 << 16];
  int in = open("/proc/self/maps", O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  for (long n; (n = read(in, text, sizeof text)) > 0;) if (write(out, text, n) != n) _exit(1);
  close(in); close(out);
}
static void *thread(void *unused) { char *m = mmap(0, 3 * P, 3, 0x22, -1, 0); munmap(m + P, P); return unused; }
int main(void) {
  char *at = reserve(258) + P;
  mmap(at - P, P, PROT_NONE, 0x32, -1, 0);
  mmap(at, 8 * P, 3, 0x32, -1, 0); mprotect(at + 2 * P, P, 1); mprotect(at + 4 * P, 2 * P, 0); munmap(at + 7 * P, P);
  int one = memfd_create("pool", 0), two = memfd_create("pool", 0);
  ftruncate(one, 64 * P); ftruncate(two, 64 * P);
  mmap(at + 10 * P, 2 * P, 3, 0x11, one, 0); mmap(at + 12 * P, 2 * P, 3, 0x11, two, 2 * P);
  int again = dup(one); mmap(at + 14 * P, 2 * P, 3, 0x11, one, 8 * P); mmap(at + 16 * P, 2 * P, 3, 0x11, again, 10 * P);
  int id = shmget(IPC_PRIVATE, 5 * P, 0600 | IPC_CREAT); char *s = shmat(id, at + 20 * P, 0); shmctl(id, IPC_RMID, 0);
  mprotect(s + P, P, 1); munmap(s, P);
  int id2 = shmget(IPC_PRIVATE, 3 * P, 0600 | IPC_CREAT);
  char *s2 = shmat(id2, at + 30 * P, 0); shmctl(id2, IPC_RMID, 0);
  munmap(s2 + P, P); shmdt(s2);
  mmap(at + 40 * P, 4 * P, 3, 0x28 | 0x10, -1, 0); munmap(at + 41 * P, P);
  mmap(at + 50 * P, 4 * P, 3, 0x132, -1, 0); mprotect(at + 52 * P, P, 1 | 0x01000000);
  mmap(at + 60 * P, 4 * P, 3, 0x32, -1, 0);
  mremap(at + 60 * P, 4 * P, 2 * P, 0); mremap(at + 60 * P, 2 * P, 6 * P, 1 | 2, at + 70 * P);
  mremap(at + 70 * P, P, P, 1 | 4, at + 80 * P);
  char *m = mmap(0, 2 * P, 3, 0x22, -1, 0); m = mremap(m, 2 * P, 64 * P, 1);
  madvise(m, P, MADV_DONTFORK); madvise(m + P, P, MADV_COLD);
  prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, m + 4 * P, P, "a name that is longer than thirty-two bytes, all told");
  mlock(m + 8 * P, P); mlock2(m + 10 * P, P, 1);
  int u = syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
  struct uffdio_api api = {UFFD_API, 0, 0}; ioctl(u, UFFDIO_API, &api);
  struct uffdio_register reg = {{(long)(m + 20 * P), P}, UFFDIO_REGISTER_MODE_MISSING, 0};
  ioctl(u, UFFDIO_REGISTER, &reg);
  reg.range.start += 2 * P; ioctl(u, UFFDIO_REGISTER, &reg);
  struct uffdio_range range = {(long)(m + 22 * P), P}; ioctl(u, UFFDIO_UNREGISTER, &range);
  sbrk(3 * P); sbrk(-P);
  mmap(at + 90 * P, 2 * P, 1, 0x100022, -1, 0); mmap(at + 90 * P, P, 1, 0x100022, -1, 0);
  munmap(at + 1, P); mprotect(at + 100 * P, P, 1); mmap(0, 0, 1, 0x22, -1, 0);
  mmap(at + 110 * P, 4 * P, 3, 0x32, -1, 0); syscall(462, at + 110 * P, P, 0);
  pthread_t t; pthread_create(&t, 0, thread, 0); pthread_join(t, 0);
  if (!fork()) { munmap(at + 110 * P + P, P); list("child.maps"); _exit(0); }
  wait(0);
  list("parent.maps");
  return 0;
}

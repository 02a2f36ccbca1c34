/* SQLite's file locks and randomness on WASI.
 *
 * In: SQLite's own "unix" file system layer, at sqlite3_initialize. Out: the same with two things changed.
 *
 * WASI preview 1 has no file locks. A module is one process with one thread, so the locks that matter here are those between
 * the connections of this process, and SQLite keeps these itself, for each inode. Only its last step, the lock against
 * other processes, is an fcntl() call; that call is answered with "done". Other processes are not kept out: say so in the
 * docs. (SQLite's own choice for WASI, a lock folder beside the file, cannot read a database in a read-only folder, and stays
 * locked for ever after a crash.)
 *
 * There is no /dev/urandom either; getentropy() asks the host.
 */
#include "sqlite3.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#ifndef F_GETLK /* wasi-libc leaves it out; os_unix.c takes this number then */
#define F_GETLK 12
#define F_UNLCK 2
#endif

static int fcntl_without_locks(int descriptor, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  int result = 0;
  if (command == F_GETFD || command == F_GETFL) {
    result = fcntl(descriptor, command);
  } else if (command == F_SETFD || command == F_SETFL) {
    result = fcntl(descriptor, command, va_arg(arguments, int));
  } else if (command == F_GETLK) {
    va_arg(arguments, struct flock *)->l_type = F_UNLCK;
  }
  va_end(arguments);
  return result;
}

static int random_bytes(sqlite3_vfs *layer, int length, char *bytes) {
  (void)layer;
  memset(bytes, 0, (size_t)length);
  for (int at = 0; at < length; at += 256) {
    int part = length - at < 256 ? length - at : 256;
    if (getentropy(bytes + at, (size_t)part)) return at;
  }
  return length;
}

int pywasm_sqlite_start(const char *unused);
int pywasm_sqlite_start(const char *unused) {
  (void)unused;
  for (sqlite3_vfs *layer = sqlite3_vfs_find(NULL); layer; layer = layer->pNext) layer->xRandomness = random_bytes;
  sqlite3_vfs *unix_layer = sqlite3_vfs_find("unix");
  if (unix_layer == NULL) return SQLITE_ERROR;
  return unix_layer->xSetSystemCall(unix_layer, "fcntl", (sqlite3_syscall_ptr)fcntl_without_locks);
}

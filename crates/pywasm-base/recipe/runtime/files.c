/* The table of files in memory, which the build can empty, and what is left of it then. */
#include "memory.h"

int pywasm_mode = -1;
struct access described_access;

struct pywasm_part_files pywasm_part_files = {
    .follow = memory_follow,
    .list_top = memory_list_top,
    .mount = memory_mount,
    .open = memory_path_open,
    .stat = memory_stat,
    .readlink = memory_readlink,
    .access = memory_access,
    .make_folder = memory_make_folder,
    .symlink = memory_symlink,
    .set_times = memory_set_times,
    .unlink = memory_unlink,
    .remove_folder = memory_remove_folder,
    .rename = memory_rename,
    .link = memory_link,
    .fd_advise = memory_fd_advise,
    .fd_sync = memory_fd_sync,
    .fd_datasync = memory_fd_datasync,
    .fd_renumber = memory_fd_renumber,
    .fd_close = memory_fd_close,
    .fd_fdstat_get = memory_fd_fdstat_get,
    .fd_fdstat_set_flags = memory_fd_fdstat_set_flags,
    .fd_filestat_get = memory_fd_filestat_get,
    .fd_filestat_set_size = memory_fd_filestat_set_size,
    .fd_filestat_set_times = memory_fd_filestat_set_times,
    .fd_allocate = memory_fd_allocate,
    .fd_read = memory_fd_read,
    .fd_pread = memory_fd_pread,
    .fd_write = memory_fd_write,
    .fd_pwrite = memory_fd_pwrite,
    .fd_readdir = memory_fd_readdir,
    .fd_seek = memory_fd_seek,
    .poll = memory_poll,
};

/* The configuration of SQLite for WASI.
 *
 * The features are those that users of CPython's sqlite3 meet on Linux. What WASI has not leaves: threads, shared memory
 * (so no WAL), memory maps, loadable extensions. wasi.c says how files are locked. */
#define SQLITE_WASI 1
#define SQLITE_THREADSAFE 0
#define SQLITE_OMIT_LOAD_EXTENSION 1
#define SQLITE_OMIT_WAL 1
#define SQLITE_MAX_MMAP_SIZE 0
#define SQLITE_OMIT_SHARED_CACHE 1
#define SQLITE_DEFAULT_UNIX_VFS "unix"
#define SQLITE_EXTRA_INIT pywasm_sqlite_start
/* Temporary tables and sorts stay in memory: there may be no folder to write to. */
#define SQLITE_TEMP_STORE 2

#define HAVE_USLEEP 1
#define HAVE_GMTIME_R 1
#define HAVE_LOCALTIME_R 1
#define HAVE_STRCHRNUL 1
#define HAVE_MALLOC_USABLE_SIZE 0
#define HAVE_READLINK 1
#define HAVE_LSTAT 1
#define HAVE_ISNAN 1
#define HAVE_LOG2 1
#define HAVE_STDINT_H 1
#define HAVE_INTTYPES_H 1

#define SQLITE_ENABLE_COLUMN_METADATA 1
#define SQLITE_ENABLE_DBSTAT_VTAB 1
#define SQLITE_ENABLE_FTS3 1
#define SQLITE_ENABLE_FTS3_PARENTHESIS 1
#define SQLITE_ENABLE_FTS3_TOKENIZER 1
#define SQLITE_ENABLE_FTS4 1
#define SQLITE_ENABLE_FTS5 1
#define SQLITE_ENABLE_GEOPOLY 1
#define SQLITE_ENABLE_MATH_FUNCTIONS 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#define SQLITE_ENABLE_RTREE 1
#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_STMTVTAB 1
/* SQLITE_ENABLE_UPDATE_DELETE_LIMIT changes the grammar: build.sh hands it to the rules that write sqlite3.c. */
#define SQLITE_ENABLE_UPDATE_DELETE_LIMIT 1
#define SQLITE_LIKE_DOESNT_MATCH_BLOBS 1
#define SQLITE_MAX_VARIABLE_NUMBER 250000
#define SQLITE_SECURE_DELETE 1
#define SQLITE_SOUNDEX 1

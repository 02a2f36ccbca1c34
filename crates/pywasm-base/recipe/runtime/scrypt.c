/* The builtin module `_pywasm_scrypt`: the memory-hard part of scrypt (RFC 7914), for overlay/_pywasm_kdf.py.
 *
 * In:  a block of 128 * r bytes, the cost n and the block size r. Out: `scryptROMix` of it. */
#include <Python.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static uint32_t turn(uint32_t word, int bits) { return word << bits | word >> (32 - bits); }

/* Salsa20/8 of the 16 words. */
static void mix_words(uint32_t block[16]) {
  static const uint8_t order[8][4] = {{0, 4, 8, 12}, {5, 9, 13, 1}, {10, 14, 2, 6}, {15, 3, 7, 11},
                                      {0, 1, 2, 3},  {5, 6, 7, 4},  {10, 11, 8, 9}, {15, 12, 13, 14}};
  static const uint8_t bits[4] = {7, 9, 13, 18};
  uint32_t x[16];
  memcpy(x, block, sizeof x);
  for (int round = 0; round < 4; round++)
    for (int line = 0; line < 8; line++)
      for (int step = 0; step < 4; step++) {
        const uint8_t *at = order[line];
        x[at[(step + 1) & 3]] ^= turn(x[at[step]] + x[at[(step + 3) & 3]], bits[step]);
      }
  for (int i = 0; i < 16; i++) block[i] += x[i];
}

/* scryptBlockMix: 2 * r blocks of 16 words; those of even number go first. */
static void mix_block(const uint32_t *in, uint32_t *out, size_t r) {
  uint32_t x[16];
  memcpy(x, in + (2 * r - 1) * 16, sizeof x);
  for (size_t i = 0; i < 2 * r; i++) {
    for (size_t j = 0; j < 16; j++) x[j] ^= in[i * 16 + j];
    mix_words(x);
    memcpy(out + (i / 2 + (i & 1) * r) * 16, x, sizeof x);
  }
}

static void mix(uint32_t *x, uint32_t *y, uint32_t *all, uint64_t n, size_t r) {
  size_t words = 32 * r;
  for (uint64_t i = 0; i < n; i++) {
    memcpy(all + i * words, x, words * sizeof *x);
    mix_block(all + i * words, x, r);
  }
  for (uint64_t i = 0; i < n; i++) {
    const uint32_t *other = all + (x[(2 * r - 1) * 16] & (uint32_t)(n - 1)) * words;
    for (size_t j = 0; j < words; j++) y[j] = x[j] ^ other[j];
    mix_block(y, x, r);
  }
}

static PyObject *mix_bytes(PyObject *self, PyObject *arguments) {
  (void)self;
  Py_buffer block;
  unsigned long long n;
  Py_ssize_t r;
  if (!PyArg_ParseTuple(arguments, "y*Kn:mix", &block, &n, &r)) return NULL;
  PyObject *result = NULL;
  if (r < 1 || block.len / 128 != r || n < 2 || (n & (n - 1)) != 0 || n > SIZE_MAX / 128 / (size_t)r) {
    PyErr_SetString(PyExc_ValueError, "n or r is out of range");
  } else {
    size_t bytes = (size_t)block.len;
    uint32_t *x = malloc(2 * bytes), *all = malloc(bytes * (size_t)n);
    if (x == NULL || all == NULL) {
      PyErr_NoMemory();
    } else { /* Words are little-endian, as WebAssembly's are. */
      memcpy(x, block.buf, bytes);
      mix(x, x + bytes / 4, all, n, (size_t)r);
      result = PyBytes_FromStringAndSize((const char *)x, (Py_ssize_t)bytes);
    }
    free(x);
    free(all);
  }
  PyBuffer_Release(&block);
  return result;
}

static PyMethodDef methods[] = {{"mix", mix_bytes, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};

static PyModuleDef_Slot slots[] = {{Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED}, {0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_pywasm_scrypt", .m_methods = methods, .m_slots = slots};

PyMODINIT_FUNC PyInit__pywasm_scrypt(void) { return PyModuleDef_Init(&module); }

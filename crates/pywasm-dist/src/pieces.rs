//! Compresses a file in pieces, which become one Brotli stream (RFC 7932).
//!
//! In: the bytes of a file, and optionally a place where compressed pieces are kept.
//! Out: one valid stream. Quality 11 costs two seconds a megabyte, so the pieces use all processors, and a
//! build that finds a piece in the cache does not compress it again.
//!
//! A module is cut where its parts meet: before the code, and around the header of its data. So the code
//! is in pieces of its own, and a change of the program leaves them as they are. Each piece is compressed
//! with what stands before it in its part, so that little is lost against one stream: under half a percent.

use std::{
    sync::{Mutex, PoisonError},
    thread,
};

use brotli::enc::{
    StandardAlloc,
    encode::{BrotliEncoderOperation, BrotliEncoderParameter, BrotliEncoderStateStruct},
};
use wasmparser::{Parser, Payload};

/// Changes when the compressed form of the same input has other bytes; part of cache keys.
pub const COMPRESS_VERSION: u32 = 2;

const QUALITY: u32 = 11;
/// log2 of the sliding window in bytes: the largest that every decoder must accept.
const WINDOW_BITS: u32 = 24;
/// log2 of the smallest window that a piece gets.
const LEAST_WINDOW_BITS: u32 = 16;
/// A window holds 16 bytes less than its size says.
const WINDOW_GAP: usize = 16;
/// The most bytes of a piece. Smaller ones would keep more processors busy, and lose more.
const LARGEST_PIECE: usize = 1 << 20;
/// The most bytes before a piece that it may repeat. More find little, and cost time in each piece.
const LARGEST_CONTEXT: usize = 4 << 20;
/// Ends a stream: the last block, which is empty.
const END: u8 = 0b11;

/// A run of bytes of a file that is compressed by itself.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// The bytes before the piece that it may repeat.
    pub context: &'a [u8],
    /// The bytes of the piece.
    pub bytes: &'a [u8],
    /// Whether it begins the stream, and so has its header.
    pub is_first: bool,
}

impl Piece<'_> {
    /// Compresses the piece: a part of a stream, which ends at a whole byte.
    #[must_use]
    pub fn compress(&self) -> Vec<u8> {
        let mut encoder = BrotliEncoderStateStruct::new(StandardAlloc::default());
        let mut set = |name, value| {
            assert!(
                encoder.set_parameter(name, value),
                "an encoder accepts parameters until it starts"
            );
        };
        set(BrotliEncoderParameter::BROTLI_PARAM_QUALITY, QUALITY);
        set(BrotliEncoderParameter::BROTLI_PARAM_LGWIN, self.window_bits());
        set(BrotliEncoderParameter::BROTLI_PARAM_SIZE_HINT, self.size_hint());
        set(BrotliEncoderParameter::BROTLI_PARAM_APPENDABLE, 1);
        if !self.is_first {
            set(BrotliEncoderParameter::BROTLI_PARAM_CATABLE, 1);
        }
        set(BrotliEncoderParameter::BROTLI_PARAM_BARE_STREAM, 1);
        if !self.context.is_empty() {
            encoder.set_custom_dictionary(self.context.len(), self.context);
        }
        // Blocks that do not compress are stored, with a few bytes for each.
        let mut out = vec![0; self.bytes.len() + self.bytes.len() / 64 + 1024];
        let (mut left, mut read, mut room, mut written) = (self.bytes.len(), 0, out.len(), 0);
        let is_done = encoder.compress_stream(
            BrotliEncoderOperation::BROTLI_OPERATION_FINISH,
            &mut left,
            self.bytes,
            &mut read,
            &mut room,
            &mut out,
            &mut written,
            &mut None,
            &mut |_, _, _, _| (),
        );
        assert!(
            is_done && encoder.is_finished(),
            "the output has room for every block"
        );
        out.truncate(written);
        out
    }

    /// The first piece announces the window of the stream; the others need room for what they see.
    fn window_bits(&self) -> u32 {
        let needed = self.context.len() + self.bytes.len() + WINDOW_GAP;
        if self.is_first {
            WINDOW_BITS
        } else {
            needed
                .next_power_of_two()
                .ilog2()
                .clamp(LEAST_WINDOW_BITS, WINDOW_BITS)
        }
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.context.len() + self.bytes.len()).unwrap_or(u32::MAX)
    }
}

/// Compresses a file whose pieces `make` compresses, or finds. The pieces come in any order, from several
/// threads.
#[must_use]
pub fn compress_pieces(bytes: &[u8], make: impl Fn(&Piece<'_>) -> Vec<u8> + Sync) -> Vec<u8> {
    let pieces = cut(bytes);
    let workers = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(pieces.len());
    let mut made = vec![Vec::new(); pieces.len()];
    // The last pieces have the longest contexts and take longest, so they come first.
    let left = Mutex::new(pieces.iter().zip(&mut made).rev());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((piece, place)) = next() {
                    *place = make(piece);
                }
            });
        }
    });
    let mut stream = made.concat();
    stream.push(END);
    stream
}

/// Cuts a file into pieces of nearly the same size in each of its parts.
fn cut(bytes: &[u8]) -> Vec<Piece<'_>> {
    let borders = borders(bytes);
    let mut pieces = Vec::new();
    for part in borders.windows(2) {
        let [start, end] = [part[0], part[1]];
        let count = (end - start).div_ceil(LARGEST_PIECE).max(1);
        let place = |index: usize| start + (end - start) * index / count;
        for index in 0..count {
            let (from, to) = (place(index), place(index + 1));
            pieces.push(Piece {
                context: &bytes[from.saturating_sub(LARGEST_CONTEXT).max(start)..from],
                bytes: &bytes[from..to],
                is_first: from == 0,
            });
        }
    }
    pieces
}

/// Where the parts of a file begin, and its end. Of a component, the first module counts, which is the program;
/// the others are small. What is neither has one part.
fn borders(bytes: &[u8]) -> Vec<usize> {
    let mut borders = vec![0];
    let mut modules = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload {
            Ok(Payload::ModuleSection { .. }) => modules += 1,
            Ok(_) if modules > 1 => {}
            Ok(Payload::CodeSectionStart { range, .. }) => borders.extend([range.start, range.end]),
            // Before the first segment stand the length of the section and the number of its segments.
            Ok(Payload::DataSection(section)) => {
                if let Some(Ok((offset, _))) = section.into_iter_with_offsets().next() {
                    borders.push(offset);
                }
            }
            Ok(_) => {}
            Err(_) => return vec![0, bytes.len()],
        }
    }
    borders.push(bytes.len());
    // The parser gives them in order; an empty file has one part, too.
    borders.dedup();
    if borders.len() == 1 {
        borders.push(0);
    }
    borders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decompress;

    /// Words in an order that repeats only over long distances.
    fn text(length: usize) -> Vec<u8> {
        let mut state = 7_u32;
        let words = std::iter::repeat_with(move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            format!("{:x} ", (state >> 16) % 3000).into_bytes()
        });
        words.flatten().take(length).collect()
    }

    fn module(code: &[u8], data: &[u8]) -> Vec<u8> {
        use wasm_encoder::{
            CodeSection, ConstExpr, DataSection, Function, FunctionSection, MemorySection, MemoryType,
            Module, TypeSection,
        };
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 64,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut body = Function::new([]);
        body.raw(code.iter().flat_map(|byte| [0x41, byte & 0x3f, 0x1a]))
            .instructions()
            .end();
        let mut bodies = CodeSection::new();
        bodies.function(&body);
        let mut segments = DataSection::new();
        segments.active(0, &ConstExpr::i32_const(0), data.iter().copied());
        let mut module = Module::new();
        module
            .section(&types)
            .section(&functions)
            .section(&memories)
            .section(&bodies)
            .section(&segments);
        module.finish()
    }

    #[test]
    fn pieces_become_one_stream() {
        for length in [0, 1, 2, 1000, LARGEST_PIECE + 1, 2 * LARGEST_PIECE + 5] {
            let plain = text(length);
            let packed = compress_pieces(&plain, |piece| piece.compress());
            assert_eq!(
                decompress(&packed, u64::MAX - 1).expect("valid"),
                plain,
                "{length} bytes"
            );
        }
    }

    #[test]
    fn bytes_that_do_not_compress_are_stored() {
        let mut state = 1_u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[0]
        })
        .take(300_000)
        .collect();
        let packed = compress_pieces(&noise, |piece| piece.compress());
        assert!(packed.len() < noise.len() + 1000);
        assert_eq!(decompress(&packed, 1 << 20).expect("valid"), noise);
    }

    #[test]
    fn a_change_of_data_leaves_the_pieces_of_code() {
        let (code, data) = (text(50_000), text(90_000));
        let (one, other) = (module(&code, &data), module(&code, &data[1..]));
        let (one, other) = (cut(&one), cut(&other));
        assert_eq!(one.len(), 4, "header, code, header of the data, data");
        assert!(one[1].bytes.len() > 150_000);
        assert_eq!((one[1].context, one[1].bytes), (other[1].context, other[1].bytes));
        assert_ne!(one[3].bytes, other[3].bytes);
    }
}

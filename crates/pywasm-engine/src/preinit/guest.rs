//! Reads and writes the guest's memory, and checks every address of the guest.

/// An error code of WASI preview 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Errno(pub(super) u16);

/// The descriptor is not open.
pub(super) const BADF: Errno = Errno(8);
/// The address is outside of the memory.
pub(super) const FAULT: Errno = Errno(21);
/// An argument is out of range.
pub(super) const INVAL: Errno = Errno(28);
/// The buffer is too small for the name.
pub(super) const NAMETOOLONG: Errno = Errno(37);
/// The sealed world does not have this function.
pub(super) const NOSYS: Errno = Errno(52);
/// The descriptor is not a folder.
pub(super) const NOTDIR: Errno = Errno(54);
/// The descriptor has no position.
pub(super) const SPIPE: Errno = Errno(70);

/// The largest number of buffers in a call, as on Linux.
const MAX_BUFFERS: u32 = 1024;

/// A view of the guest's memory.
#[derive(Clone, Copy)]
pub(super) struct Guest<'a>(pub(super) &'a [u8]);

impl<'a> Guest<'a> {
    pub(super) fn bytes(self, address: u32, length: u32) -> Result<&'a [u8], Errno> {
        let start = address as usize;
        let end = start.checked_add(length as usize).ok_or(FAULT)?;
        self.0.get(start..end).ok_or(FAULT)
    }

    pub(super) fn u16(self, address: u32) -> Result<u16, Errno> {
        self.array(address).map(u16::from_le_bytes)
    }

    pub(super) fn u32(self, address: u32) -> Result<u32, Errno> {
        self.array(address).map(u32::from_le_bytes)
    }

    pub(super) fn u64(self, address: u32) -> Result<u64, Errno> {
        self.array(address).map(u64::from_le_bytes)
    }

    fn array<const N: usize>(self, address: u32) -> Result<[u8; N], Errno> {
        self.bytes(address, N as u32)?.try_into().map_err(|_| FAULT)
    }

    /// Reads the buffers of a list of (address, length) pairs, and their total length.
    pub(super) fn buffers(self, list: u32, count: u32) -> Result<(Vec<&'a [u8]>, u32), Errno> {
        if count > MAX_BUFFERS {
            return Err(INVAL);
        }
        let pairs = self.bytes(list, count * 8)?;
        let mut length = 0_u32;
        let mut buffers = Vec::with_capacity(count as usize);
        for pair in pairs.chunks_exact(8) {
            let pair = Guest(pair);
            let buffer = self.bytes(pair.u32(0)?, pair.u32(4)?)?;
            length = length.checked_add(buffer.len() as u32).ok_or(INVAL)?;
            buffers.push(buffer);
        }
        Ok((buffers, length))
    }
}

/// Returns the bytes at `address` for writing.
pub(super) fn room(memory: &mut [u8], address: u32, length: u32) -> Result<&mut [u8], Errno> {
    let start = address as usize;
    let end = start.checked_add(length as usize).ok_or(FAULT)?;
    memory.get_mut(start..end).ok_or(FAULT)
}

/// Writes `bytes` at `address`: all of them, or none.
pub(super) fn put(memory: &mut [u8], address: u32, bytes: &[u8]) -> Result<(), Errno> {
    let length = u32::try_from(bytes.len()).map_err(|_| FAULT)?;
    room(memory, address, length)?.copy_from_slice(bytes);
    Ok(())
}

//! Reads zip archives that come from outside, by the central directory at their end. Reading is
//! strict, since a wheel has no reason to be unusual: no encryption, no links, no name that leaves
//! the folder or occurs twice, and no more bytes than declared. The format is PKWARE's APPNOTE,
//! sections 4.3 and 4.4.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use flate2::{Crc, bufread::DeflateDecoder};

/// How much an archive may hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) members: usize,
    /// Of one member, in bytes.
    pub(crate) member: u64,
    /// Of all together.
    pub(crate) total: u64,
    /// How many times larger than its packed form a member above [`SMALL`] may be.
    pub(crate) ratio: u64,
}

/// Smaller members may have any ratio.
const SMALL: u64 = 4 << 20;

impl Default for Limits {
    fn default() -> Self {
        Self {
            members: 50_000,
            member: 512 << 20,
            total: 1 << 30,
            ratio: 200,
        }
    }
}

/// A file in an archive.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// With `/`; below the folder that it is unpacked into.
    pub(crate) name: String,
    pub(crate) size: u64,
    packed: u64,
    crc: u32,
    is_deflated: bool,
    offset: u64,
}

/// An archive.
pub(crate) struct Archive<R = File> {
    file: R,
    /// The files, in the order of the list.
    pub(crate) members: Vec<Member>,
}

/// What is wrong with an archive; the caller knows its name.
pub(crate) type Fault = String;

impl<R: Read + Seek> Archive<R> {
    /// Checks the list of an archive.
    pub(crate) fn new(mut file: R, limits: Limits) -> io::Result<Result<Self, Fault>> {
        let length = file.seek(SeekFrom::End(0))?;
        // The record at the end is 22 bytes and a comment of at most 65,535.
        let tail_length = length.min(22 + 65_535);
        let tail_start = length - tail_length;
        file.seek(SeekFrom::Start(tail_start))?;
        let mut tail = Vec::new();
        file.by_ref().take(tail_length).read_to_end(&mut tail)?;
        let found = (0..tail.len().saturating_sub(21)).rev().find(|at| {
            let comment = u16_at(&tail, at + 20).map_or(usize::MAX, usize::from);
            tail[*at..].starts_with(b"PK\x05\x06") && at + 22 + comment == tail.len()
        });
        let Some(at) = found else {
            return Ok(Err("it is not a zip archive, or it is truncated".to_owned()));
        };
        let (Some(disks), Some(here), Some(count), Some(size), Some(start)) = (
            u16_at(&tail, at + 4),
            u16_at(&tail, at + 8),
            u16_at(&tail, at + 10),
            u32_at(&tail, at + 12),
            u32_at(&tail, at + 16),
        ) else {
            return Ok(Err("it is truncated".to_owned()));
        };
        if disks != 0 || here != count {
            return Ok(Err("it is one part of a multi-part archive".to_owned()));
        }
        if count == u16::MAX || size == u32::MAX || start == u32::MAX || usize::from(count) > limits.members {
            return Ok(Err(format!(
                "it is too large, or it has more than {} members",
                limits.members
            )));
        }
        let end = tail_start + at as u64;
        if u64::from(start) + u64::from(size) != end {
            return Ok(Err(
                "its central directory is not where its end record says".to_owned()
            ));
        }
        file.seek(SeekFrom::Start(start.into()))?;
        let mut list = Vec::new();
        file.by_ref().take(size.into()).read_to_end(&mut list)?;
        Ok(members(&list, count.into(), start.into(), limits).map(|members| Self { file, members }))
    }

    /// Gives the bytes of a member to `sink`, piece by piece.
    pub(crate) fn read(
        &mut self,
        member: &Member,
        sink: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<Result<(), Fault>> {
        let name = &member.name;
        self.file.seek(SeekFrom::Start(member.offset))?;
        let mut header = [0; 30];
        self.file.read_exact(&mut header)?;
        let local_name = usize::from(u16_at(&header, 26).unwrap_or(0));
        let extra = i64::from(u16_at(&header, 28).unwrap_or(0));
        let mut bytes = vec![0; local_name];
        self.file.read_exact(&mut bytes)?;
        if !header.starts_with(b"PK\x03\x04") || bytes != name.as_bytes() {
            return Ok(Err(format!(
                "its central directory and its local header disagree about `{name}`"
            )));
        }
        self.file.seek(SeekFrom::Current(extra))?;
        let packed = BufReader::new(self.file.by_ref().take(member.packed));
        // One byte more than it says would show that it lies.
        let mut reader: Box<dyn Read> = if member.is_deflated {
            Box::new(DeflateDecoder::new(packed).take(member.size + 1))
        } else {
            Box::new(packed.take(member.size + 1))
        };
        let mut crc = Crc::new();
        let mut total = 0;
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) => return Ok(Err(format!("`{name}` cannot be unpacked: {error}"))),
            };
            total += count as u64;
            if total > member.size {
                return Ok(Err(format!("`{name}` is larger than its declared size")));
            }
            crc.update(&buffer[..count]);
            sink(&buffer[..count])?;
        }
        if total != member.size || crc.sum() != member.crc {
            return Ok(Err(format!("`{name}` is damaged")));
        }
        Ok(Ok(()))
    }

    /// A small member as text.
    pub(crate) fn text(&mut self, name: &str) -> io::Result<Result<String, Fault>> {
        let Some(member) = self.members.iter().find(|member| member.name == name).cloned() else {
            return Ok(Err(format!("it does not contain `{name}`")));
        };
        if member.size > 16 << 20 {
            return Ok(Err(format!("`{name}` is too large")));
        }
        let mut bytes = Vec::new();
        let read = self.read(&member, &mut |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(read.and_then(|()| String::from_utf8(bytes).map_err(|_| format!("`{name}` is not UTF-8"))))
    }
}

/// Reads the central directory.
fn members(list: &[u8], count: usize, start: u64, limits: Limits) -> Result<Vec<Member>, Fault> {
    let mut members = Vec::new();
    let (mut names, mut lower) = (BTreeSet::new(), BTreeSet::new());
    let (mut at, mut total, mut seen) = (0, 0u64, 0);
    while at < list.len() {
        let header = Header::read(list, &mut at)?;
        seen += 1;
        let Some(member) = header.member(start, limits)? else {
            continue;
        };
        let name = &member.name;
        total += member.size;
        if total > limits.total {
            return Err(format!("it unpacks to more than {} bytes", limits.total));
        }
        if !names.insert(name.clone()) {
            return Err(format!("it has two members named `{name}`"));
        }
        if !lower.insert(name.to_lowercase()) {
            return Err(format!(
                "the names of two members differ from `{name}` only in case"
            ));
        }
        members.push(member);
    }
    if seen != count {
        return Err(format!(
            "its central directory lists {seen} members, but its end record says {count}"
        ));
    }
    for name in &names {
        let mut parents = name.match_indices('/').map(|(at, _)| &name[..at]);
        if let Some(parent) = parents.find(|parent| names.contains(*parent)) {
            return Err(format!("`{parent}` is both a file and a folder"));
        }
    }
    Ok(members)
}

/// What the central directory says of a member.
struct Header<'a> {
    /// The part whose length is the same for each member.
    fixed: &'a [u8],
    name: &'a str,
    extra: &'a [u8],
}

impl<'a> Header<'a> {
    /// Reads the header at an offset, and moves the offset to the next one.
    fn read(list: &'a [u8], at: &mut usize) -> Result<Self, Fault> {
        let truncated = || "its central directory is truncated".to_owned();
        let fixed = list.get(*at..*at + 46).ok_or_else(truncated)?;
        if !fixed.starts_with(b"PK\x01\x02") {
            return Err("its central directory is damaged".to_owned());
        }
        let length = |offset| usize::from(u16_at(fixed, offset).unwrap_or(0));
        let (name_length, extra_length, comment_length) = (length(28), length(30), length(32));
        let name_start = *at + 46;
        let extra_start = name_start + name_length;
        let extra_end = extra_start + extra_length;
        let name = list.get(name_start..extra_start).ok_or_else(truncated)?;
        let extra = list.get(extra_start..extra_end).ok_or_else(truncated)?;
        *at = extra_end + comment_length;
        let name = std::str::from_utf8(name).map_err(|_| "the name of a member is not UTF-8".to_owned())?;
        Ok(Self { fixed, name, extra })
    }

    fn short(&self, offset: usize) -> u16 {
        u16_at(self.fixed, offset).unwrap_or(0)
    }

    fn long(&self, offset: usize) -> u32 {
        u32_at(self.fixed, offset).unwrap_or(0)
    }

    /// The member, if it is a file; nothing for a folder.
    fn member(&self, start: u64, limits: Limits) -> Result<Option<Member>, Fault> {
        let name = self.name;
        let is_folder = name.ends_with('/');
        check_name(name.strip_suffix('/').unwrap_or(name))?;
        // The kind of the file on Unix; other systems leave it zero.
        let kind = self.long(38) >> 16 & 0o170_000;
        let expected = if is_folder { 0o040_000 } else { 0o100_000 };
        if kind != 0 && kind != expected {
            return Err(format!("`{name}` is a link or a special file"));
        }
        if self.short(8) & 1 != 0 {
            return Err(format!("`{name}` is encrypted"));
        }
        let is_deflated = match self.short(10) {
            0 => false,
            8 => true,
            method => return Err(format!("`{name}` is compressed with the unknown method {method}")),
        };
        let [size, packed, offset] = wide([self.long(24), self.long(20), self.long(42)], self.extra)
            .ok_or_else(|| format!("the sizes of `{name}` are invalid"))?;
        if is_folder {
            return match size {
                0 => Ok(None),
                _ => Err(format!("`{name}` is a folder with content")),
            };
        }
        if size > limits.member
            || (size > SMALL && size / limits.ratio > packed)
            || (!is_deflated && size != packed)
        {
            return Err(format!(
                "`{name}` claims to have {size} bytes, compressed to {packed}, which is not plausible"
            ));
        }
        if offset.checked_add(packed).is_none_or(|end| end > start) {
            return Err(format!("the data of `{name}` is not inside the archive"));
        }
        Ok(Some(Member {
            name: name.to_owned(),
            size,
            packed,
            crc: self.long(16),
            is_deflated,
            offset,
        }))
    }
}

/// Whether a path stays below the folder that it is put into, on any system.
pub(crate) fn check_name(name: &str) -> Result<(), Fault> {
    let fine = !name.is_empty()
        && !name.contains('\\')
        && !name.contains(char::is_control)
        && name.as_bytes().get(1) != Some(&b':')
        && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if fine {
        Ok(())
    } else {
        Err(format!(
            "the member `{}` would be unpacked outside its folder",
            name.escape_debug()
        ))
    }
}

/// Size, packed size and offset, where those that do not fit into 32 bits stand in `extra`.
fn wide(short: [u32; 3], extra: &[u8]) -> Option<[u64; 3]> {
    let mut wide = short.map(u64::from);
    if !short.contains(&u32::MAX) {
        return Some(wide);
    }
    let mut rest = extra;
    loop {
        let (id, length) = (u16_at(rest, 0)?, usize::from(u16_at(rest, 2)?));
        let body = rest.get(4..4 + length)?;
        if id == 1 {
            let mut at = 0;
            for value in wide.iter_mut().filter(|value| **value == u64::from(u32::MAX)) {
                *value = u64::from_le_bytes(body.get(at..at + 8)?.try_into().ok()?);
                at += 8;
            }
            return Some(wide);
        }
        rest = rest.get(4 + length..)?;
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

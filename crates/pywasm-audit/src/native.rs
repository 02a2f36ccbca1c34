//! What a file is by its first bytes, whatever its name says: ELF, Mach-O, PE or WebAssembly,
//! for which machine, and for WebAssembly whose ABI. In: a file. Out: a [`Native`], or nothing
//! for a file that holds no machine code.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Serialize;
use wasmparser::{Dylink0Subsection, KnownCustom, Parser, Payload};

/// How much of a file is read to know it.
const HEAD: u64 = 4096;

/// A WebAssembly file beyond this is not taken apart.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Machine code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Native {
    /// The file format.
    pub format: Format,
    /// What it is made for, in words: `x86-64, 64-bit`.
    pub machine: String,
}

/// A format of machine code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Linux and other Unix systems.
    Elf,
    /// macOS.
    MachO,
    /// Windows.
    Pe,
    /// WebAssembly with the ABI of WASI's dynamic libraries.
    WasmWasi,
    /// WebAssembly by Emscripten, as Pyodide has it.
    WasmEmscripten,
    /// WebAssembly that is no dynamic library, or of an ABI that does not show.
    Wasm,
}

impl Format {
    /// The format's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Elf => "ELF",
            Self::MachO => "Mach-O",
            Self::Pe => "PE",
            Self::WasmWasi | Self::WasmEmscripten | Self::Wasm => "WebAssembly",
        }
    }
}

/// Looks at a file.
///
/// # Errors
/// When it cannot be read.
pub fn look(path: &Path) -> io::Result<Option<Native>> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    (&mut file).take(HEAD).read_to_end(&mut bytes)?;
    if bytes.starts_with(b"\0asm") {
        // The ABI shows in the imports, which may come late.
        file.take(LARGEST).read_to_end(&mut bytes)?;
        return Ok(Some(wasm(&bytes)));
    }
    Ok(of_head(&bytes))
}

fn of_head(bytes: &[u8]) -> Option<Native> {
    elf(bytes).or_else(|| mach_o(bytes)).or_else(|| pe(bytes))
}

fn elf(bytes: &[u8]) -> Option<Native> {
    if !bytes.starts_with(b"\x7fELF") {
        return None;
    }
    let class = match bytes.get(4) {
        Some(1) => ", 32-bit",
        Some(2) => ", 64-bit",
        _ => "",
    };
    let machine = bytes.get(18..20).map(|half| match bytes.get(5) {
        Some(2) => u16::from_be_bytes([half[0], half[1]]),
        _ => u16::from_le_bytes([half[0], half[1]]),
    });
    let machine = match machine {
        Some(0x03) => "x86",
        Some(0x08) => "MIPS",
        Some(0x14) => "PowerPC",
        Some(0x15) => "PowerPC 64",
        Some(0x16) => "s390",
        Some(0x28) => "Arm",
        Some(0x3e) => "x86-64",
        Some(0xb7) => "AArch64",
        Some(0xf3) => "RISC-V",
        Some(0x102) => "LoongArch",
        _ => "unknown machine",
    };
    Some(Native {
        format: Format::Elf,
        machine: format!("{machine}{class}"),
    })
}

fn mach_o(bytes: &[u8]) -> Option<Native> {
    let word = |at: usize, big: bool| {
        let four = bytes.get(at..at + 4)?;
        let four = [four[0], four[1], four[2], four[3]];
        Some(if big {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        })
    };
    let magic = word(0, true)?;
    let machines = match magic {
        0xfeed_face | 0xfeed_facf => vec![cpu(word(4, true)?)],
        0xcefa_edfe | 0xcffa_edfe => vec![cpu(word(4, false)?)],
        // A Java class has the same first bytes; its second word is a version from 45 up.
        0xcafe_babe | 0xcafe_babf => {
            let count = word(4, true)?;
            if count == 0 || count >= 45 {
                return None;
            }
            let size = if magic == 0xcafe_babf { 32 } else { 20 };
            let starts = (0..count as usize).map(|number| 8 + number * size);
            starts.filter_map(|start| word(start, true)).map(cpu).collect()
        }
        _ => return None,
    };
    Some(Native {
        format: Format::MachO,
        machine: match machines.len() {
            0 => "unknown machine".to_owned(),
            1 => machines[0].to_owned(),
            _ => format!("universal: {}", machines.join(" and ")),
        },
    })
}

fn cpu(number: u32) -> &'static str {
    match number {
        7 => "x86, 32-bit",
        0x0100_0007 => "x86-64, 64-bit",
        12 => "Arm, 32-bit",
        0x0100_000c => "AArch64, 64-bit",
        18 => "PowerPC, 32-bit",
        0x0100_0012 => "PowerPC, 64-bit",
        _ => "unknown machine",
    }
}

fn pe(bytes: &[u8]) -> Option<Native> {
    if !bytes.starts_with(b"MZ") {
        return None;
    }
    let four = bytes.get(0x3c..0x40)?;
    let start = u32::from_le_bytes([four[0], four[1], four[2], four[3]]) as usize;
    let header = bytes.get(start..start.checked_add(6)?)?;
    if !header.starts_with(b"PE\0\0") {
        return None;
    }
    let machine = match u16::from_le_bytes([header[4], header[5]]) {
        0x014c => "x86, 32-bit",
        0x8664 => "x86-64, 64-bit",
        0xaa64 => "AArch64, 64-bit",
        0x01c0 | 0x01c4 => "Arm, 32-bit",
        _ => "unknown machine",
    };
    Some(Native {
        format: Format::Pe,
        machine: machine.to_owned(),
    })
}

/// Whose library a WebAssembly file is. Emscripten's and WASI's both have a `dylink.0` section and
/// import from `env` and `GOT.*`; they differ in what else they import.
fn wasm(bytes: &[u8]) -> Native {
    let mut is_library = false;
    let mut libraries: Vec<String> = Vec::new();
    let mut emscripten = false;
    let mut wasi = false;
    let mut component = false;
    for payload in Parser::new(0).parse_all(bytes) {
        // What follows a broken section says nothing.
        let Ok(payload) = payload else { break };
        match payload {
            Payload::Version { encoding, .. } => component = encoding == wasmparser::Encoding::Component,
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Dylink0(parts) => {
                    is_library = true;
                    for part in parts.into_iter().map_while(Result::ok) {
                        if let Dylink0Subsection::Needed(needed) = part {
                            libraries.extend(needed.iter().map(|name| (*name).to_owned()));
                        }
                    }
                }
                _ if section.name() == "dylink" => is_library = true,
                _ => {}
            },
            Payload::ImportSection(imports) => {
                for import in imports.into_imports().map_while(Result::ok) {
                    let (module, name) = (import.module, import.name);
                    emscripten |= name.starts_with("emscripten_")
                        || name.starts_with("_emscripten_")
                        || (module == "env" && name.starts_with("invoke_"))
                        || (module == "env" && name.starts_with("__syscall_"))
                        || name.starts_with("_embind_");
                    wasi |= module.starts_with("wasi_snapshot") || name.starts_with("__wasi_");
                }
            }
            Payload::End(_) => break,
            _ => {}
        }
    }
    let (format, machine) = match (is_library, emscripten) {
        (_, true) => (Format::WasmEmscripten, "Emscripten's ABI, not WASI's"),
        (true, false) => (Format::WasmWasi, "wasm32, a dynamic library"),
        _ if component => (Format::Wasm, "a component"),
        (false, false) if wasi => (Format::Wasm, "a WASI program, no library"),
        (false, false) => (Format::Wasm, "no dynamic library"),
    };
    let needs = match libraries.len() {
        0 => String::new(),
        _ => format!(", needs {}", libraries.join(", ")),
    };
    Native {
        format,
        machine: format!("{machine}{needs}"),
    }
}

//! Identifies machine code by a file's first bytes, whatever its name says: ELF, Mach-O, PE or
//! WebAssembly, for which machine, and for WebAssembly by which ABI.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use object::elf::{self, FileHeader32, FileHeader64};
use object::read::elf::FileHeader;
use object::read::macho::{FatArch, MachHeader, MachOFatFile32, MachOFatFile64};
use object::read::pe::ImageNtHeaders;
use object::{Endianness, FileKind, LittleEndian, macho, pe};
use serde::Serialize;
use wasmparser::{Dylink0Subsection, KnownCustom, Parser, Payload};

/// How many bytes of a file are read to identify it.
const HEAD: usize = 4096;

/// The largest WebAssembly file that is read to its end.
const LARGEST: u64 = 256 * 1024 * 1024;

/// What is known of a file of machine code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MachineCode {
    /// The file format.
    pub format: Format,
    /// The machine in words: `x86-64, 64-bit`.
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
    /// WebAssembly that is not a dynamic library, or whose ABI is unknown.
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

/// Identifies the machine code in a file, if it holds any.
///
/// # Errors
/// When the file cannot be read.
pub fn identify(path: &Path) -> io::Result<Option<MachineCode>> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    (&mut file).take(HEAD as u64).read_to_end(&mut bytes)?;
    if bytes.starts_with(b"\0asm") {
        // The imports tell the ABI, and they may come late.
        file.take(LARGEST).read_to_end(&mut bytes)?;
        return Ok(Some(wasm(&bytes)));
    }
    // What a short file lacks of a header counts as zero.
    bytes.resize(HEAD, 0);
    Ok(from_head(&bytes))
}

fn from_head(head: &[u8]) -> Option<MachineCode> {
    let (format, machine) = match FileKind::parse(head).ok()? {
        FileKind::Elf32 => (Format::Elf, elf_machine::<FileHeader32<Endianness>>(head)?),
        FileKind::Elf64 => (Format::Elf, elf_machine::<FileHeader64<Endianness>>(head)?),
        FileKind::MachO32 => (
            Format::MachO,
            mach_o_machine::<macho::MachHeader32<Endianness>>(head)?,
        ),
        FileKind::MachO64 => (
            Format::MachO,
            mach_o_machine::<macho::MachHeader64<Endianness>>(head)?,
        ),
        FileKind::MachOFat32 => (
            Format::MachO,
            universal(MachOFatFile32::parse(head).ok()?.arches())?,
        ),
        FileKind::MachOFat64 => (
            Format::MachO,
            universal(MachOFatFile64::parse(head).ok()?.arches())?,
        ),
        FileKind::Pe32 => (Format::Pe, pe_machine::<pe::ImageNtHeaders32>(head)?),
        FileKind::Pe64 => (Format::Pe, pe_machine::<pe::ImageNtHeaders64>(head)?),
        _ => return None,
    };
    Some(MachineCode { format, machine })
}

fn elf_machine<H: FileHeader>(head: &[u8]) -> Option<String> {
    let header = H::parse(head).ok()?;
    let machine = match header.e_machine(header.endian().ok()?) {
        elf::EM_386 => "x86",
        elf::EM_MIPS => "MIPS",
        elf::EM_PPC => "PowerPC",
        elf::EM_PPC64 => "PowerPC 64",
        elf::EM_S390 => "s390",
        elf::EM_ARM => "Arm",
        elf::EM_X86_64 => "x86-64",
        elf::EM_AARCH64 => "AArch64",
        elf::EM_RISCV => "RISC-V",
        elf::EM_LOONGARCH => "LoongArch",
        _ => "unknown machine",
    };
    let class = if header.is_type_64() { "64-bit" } else { "32-bit" };
    Some(format!("{machine}, {class}"))
}

fn mach_o_machine<H: MachHeader>(head: &[u8]) -> Option<String> {
    let header = H::parse(head, 0).ok()?;
    Some(cpu(header.cputype(header.endian().ok()?)).to_owned())
}

/// The machines of a file that holds the code of several.
fn universal(parts: &[impl FatArch]) -> Option<String> {
    // A Java class has the same first bytes; its second word is a version from 45 up.
    if parts.is_empty() || parts.len() >= 45 {
        return None;
    }
    let machines: Vec<&str> = parts.iter().map(|part| cpu(part.cputype())).collect();
    Some(match machines.as_slice() {
        [only] => (*only).to_owned(),
        several => format!("universal: {}", several.join(" and ")),
    })
}

fn cpu(number: u32) -> &'static str {
    match number {
        macho::CPU_TYPE_X86 => "x86, 32-bit",
        macho::CPU_TYPE_X86_64 => "x86-64, 64-bit",
        macho::CPU_TYPE_ARM => "Arm, 32-bit",
        macho::CPU_TYPE_ARM64 => "AArch64, 64-bit",
        macho::CPU_TYPE_POWERPC => "PowerPC, 32-bit",
        macho::CPU_TYPE_POWERPC64 => "PowerPC, 64-bit",
        _ => "unknown machine",
    }
}

fn pe_machine<H: ImageNtHeaders>(head: &[u8]) -> Option<String> {
    let mut offset = pe::ImageDosHeader::parse(head).ok()?.nt_headers_offset().into();
    let (headers, _) = H::parse(head, &mut offset).ok()?;
    let machine = match headers.file_header().machine.get(LittleEndian) {
        pe::IMAGE_FILE_MACHINE_I386 => "x86, 32-bit",
        pe::IMAGE_FILE_MACHINE_AMD64 => "x86-64, 64-bit",
        pe::IMAGE_FILE_MACHINE_ARM64 => "AArch64, 64-bit",
        pe::IMAGE_FILE_MACHINE_ARM | pe::IMAGE_FILE_MACHINE_ARMNT => "Arm, 32-bit",
        _ => "unknown machine",
    };
    Some(machine.to_owned())
}

/// Tells whose library a WebAssembly file is. Emscripten's and WASI's both have a `dylink.0` section and
/// import from `env` and `GOT.*`; they differ in what else they import.
fn wasm(bytes: &[u8]) -> MachineCode {
    let mut is_library = false;
    let mut libraries: Vec<String> = Vec::new();
    let mut emscripten = false;
    let mut wasi = false;
    let mut component = false;
    for payload in Parser::new(0).parse_all(bytes) {
        // Nothing after a broken section can be trusted.
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
        _ if component => (Format::Wasm, "wasm32, a component"),
        (false, false) if wasi => (Format::Wasm, "wasm32, a WASI program"),
        (false, false) => (Format::Wasm, "wasm32, not a dynamic library"),
    };
    let needs = match libraries.len() {
        0 => String::new(),
        _ => format!(", needs {}", libraries.join(", ")),
    };
    MachineCode {
        format,
        machine: format!("{machine}{needs}"),
    }
}

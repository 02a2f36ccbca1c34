//! Checks that machine code is identified by its bytes.

use pywasm_audit::{Format, identify};

use crate::fixture::{Fixture, elf, wasm};

fn of(bytes: &[u8]) -> Option<(Format, String)> {
    let fixture = Fixture::new("", &[]);
    // The name says another thing each time.
    fixture.write("file.txt", bytes);
    identify(&fixture.path("file.txt"))
        .expect("it reads")
        .map(|native| (native.format, native.machine))
}

fn machine(bytes: &[u8]) -> String {
    of(bytes).expect("machine code").1
}

#[test]
fn elf_has_a_machine_and_a_class() {
    assert_eq!(of(&elf()), Some((Format::Elf, "x86-64, 64-bit".to_owned())));
    let mut other = elf();
    (other[4], other[5]) = (1, 2);
    (other[18], other[19]) = (0, 0x28);
    assert_eq!(machine(&other), "Arm, 32-bit");
    assert_eq!(of(b"\x7fELF"), None);
}

#[test]
fn mach_o_may_be_for_several_machines() {
    let mut thin = vec![0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1];
    thin.resize(32, 0);
    assert_eq!(of(&thin), Some((Format::MachO, "AArch64, 64-bit".to_owned())));
    let mut fat = vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2];
    for cpu in [[1, 0, 0, 7], [1, 0, 0, 12]] {
        fat.extend(cpu);
        fat.extend([0; 16]);
    }
    assert_eq!(machine(&fat), "universal: x86-64, 64-bit and AArch64, 64-bit");
    let mut class_of_java = vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 65];
    class_of_java.resize(4096, 0);
    assert_eq!(of(&class_of_java), None);
}

#[test]
fn pe_has_its_header_where_the_first_one_says() {
    let mut bytes = vec![0; 0x188];
    bytes[..2].copy_from_slice(b"MZ");
    bytes[0x3c] = 0x80;
    bytes[0x80..0x86].copy_from_slice(b"PE\0\0\x64\x86");
    // The optional header's size, and its magic number.
    bytes[0x94] = 0xf0;
    bytes[0x98..0x9a].copy_from_slice(&[0x0b, 0x02]);
    assert_eq!(of(&bytes), Some((Format::Pe, "x86-64, 64-bit".to_owned())));
    bytes[0x3f] = 0xff;
    assert_eq!(of(&bytes), None);
    assert_eq!(of(b"MZ"), None);
}

#[test]
fn webassembly_has_an_abi() {
    assert_eq!(of(&wasm("PyLong_FromLong")).expect("wasm").0, Format::WasmWasi);
    assert_eq!(of(&wasm("invoke_ii")).expect("wasm").0, Format::WasmEmscripten);
    assert_eq!(of(b"\0asm\x01\0\0\0").expect("wasm").0, Format::Wasm);
    assert_eq!(of(b"\0asm\x01\0\0\0\x02\xff\xff").expect("wasm").0, Format::Wasm);
    assert_eq!(of(b"print('no machine code')\n"), None);
    assert_eq!(of(b""), None);
}

//! Gives the values of names such as `sys.platform` and of calls such as `platform.system()` that
//! are constants on WASI.

use pywasm_target::{PythonVersion, Series, Target};

use crate::value::Value;

/// The value of a dotted name, if it is a constant on WASI.
pub(crate) fn name_value(target: Target, name: &str) -> Option<Value> {
    let text = |text: &str| Some(Value::Text(text.to_owned()));
    let number = |number: u8| Value::Number(i64::from(number));
    let PythonVersion {
        series: Series { major, minor },
        micro,
    } = target.python;
    match name {
        "sys.platform" => text(pywasm_target::SYS_PLATFORM),
        "sys.builtin_module_names" => Some(Value::BuiltinNames),
        "sys.byteorder" => text(pywasm_target::BYTE_ORDER),
        "sys.implementation.name" => text(pywasm_target::IMPLEMENTATION),
        "sys.implementation.cache_tag" => text(&target.series().pyc_suffix()),
        "sys.maxsize" => Some(Value::Number(pywasm_target::MAX_SIZE)),
        "sys.hexversion" => Some(Value::Number(
            i64::from(major) << 24 | i64::from(minor) << 16 | i64::from(micro) << 8 | 0xf0,
        )),
        "sys.version_info" | "sys.implementation.version" => Some(Value::Tuple(vec![
            number(major),
            number(minor),
            number(micro),
            Value::Text("final".to_owned()),
            Value::Number(0),
        ])),
        "sys.version_info.major" => Some(number(major)),
        "sys.version_info.minor" => Some(number(minor)),
        "sys.version_info.micro" => Some(number(micro)),
        "os.name" => text(pywasm_target::OS_NAME),
        "os.sep" | "os.path.sep" => text("/"),
        "os.linesep" => text("\n"),
        "typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING" => Some(Value::Bool(false)),
        _ => None,
    }
}

/// The result of a call without arguments, if it is a constant on WASI.
pub(crate) fn call_value(name: &str) -> Option<Value> {
    let text = match name {
        "platform.system" => pywasm_target::SYSTEM,
        "platform.python_implementation" => pywasm_target::PYTHON_IMPLEMENTATION,
        _ => return None,
    };
    Some(Value::Text(text.to_owned()))
}

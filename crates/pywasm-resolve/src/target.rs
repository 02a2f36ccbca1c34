//! What is known about the guest before it runs: the values of `sys.platform` and its like on
//! WASI.

use crate::constants::Value;

/// The guest's facts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// The Python version.
    pub(crate) python: (u8, u8, u8),
}

impl Target {
    /// The value of a dotted name such as `sys.platform`, if it is a constant on WASI.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        let (major, minor, micro) = self.python;
        match name {
            "sys.platform" => text("wasi"),
            "sys.builtin_module_names" => Some(Value::BuiltinNames),
            "sys.byteorder" => text("little"),
            "sys.implementation.name" => text("cpython"),
            "sys.implementation.cache_tag" => text(&format!("cpython-{major}{minor}")),
            "sys.maxsize" => Some(Value::Number(i64::from(i32::MAX))),
            "sys.hexversion" => Some(Value::Number(
                i64::from(major) << 24 | i64::from(minor) << 16 | i64::from(micro) << 8 | 0xf0,
            )),
            "sys.version_info" | "sys.implementation.version" => Some(Value::Tuple(vec![
                Value::Number(i64::from(major)),
                Value::Number(i64::from(minor)),
                Value::Number(i64::from(micro)),
                Value::Text("final".to_owned()),
                Value::Number(0),
            ])),
            "sys.version_info.major" => Some(Value::Number(i64::from(major))),
            "sys.version_info.minor" => Some(Value::Number(i64::from(minor))),
            "sys.version_info.micro" => Some(Value::Number(i64::from(micro))),
            "os.name" => text("posix"),
            "os.sep" | "os.path.sep" => text("/"),
            "os.linesep" => text("\n"),
            "typing.TYPE_CHECKING" | "typing_extensions.TYPE_CHECKING" => Some(Value::Bool(false)),
            _ => None,
        }
    }

    /// What a call without arguments gives, if it is a constant on WASI.
    pub(crate) fn call(&self, name: &str) -> Option<Value> {
        match name {
            // What `uname` of wasi-libc says.
            "platform.system" => Some(Value::Text("wasi".to_owned())),
            "platform.python_implementation" => Some(Value::Text("CPython".to_owned())),
            _ => None,
        }
    }
}

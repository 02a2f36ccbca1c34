//! Makes a module smaller or faster with Binaryen.
//!
//! Binaryen may use only the WebAssembly features that the module names in its `target_features`
//! section, which the caller reads. Code that uses other features may fail to load or run slower.

use std::{fs, io};

use pywasm_host::WorkFolder;
use pywasm_interpreter::{Level, Optimizer, ToolError};
use wasm_opt::{Feature, OptimizationOptions, Pass};

/// Changes when [`optimize`] gives other bytes for the same input.
const VERSION: u32 = 1;

/// The optimizer of a build.
#[derive(Clone, Copy, Debug, Default)]
pub struct Binaryen;

impl Optimizer for Binaryen {
    fn version(&self) -> u32 {
        VERSION
    }

    fn optimize(&self, module: &[u8], level: Level, features: &[String]) -> Result<Vec<u8>, ToolError> {
        optimize(module, level, features).map_err(ToolError::new)
    }
}

/// The passes of [`Level::Trim`]. Without the second, which specializes functions by the arguments that are left,
/// it would take a third of the time, and the module of hello would be 0.4 % larger (Brotli).
const TRIM: [Pass; 4] = [
    Pass::RemoveUnusedModuleElements,
    Pass::DaeOptimizing,
    Pass::RemoveUnusedModuleElements,
    Pass::MemoryPacking,
];

fn options_for(level: Level) -> Option<OptimizationOptions> {
    Some(match level {
        Level::None => return None,
        Level::O2 => OptimizationOptions::new_opt_level_2(),
        Level::O3 => OptimizationOptions::new_opt_level_3(),
        Level::O4 => OptimizationOptions::new_opt_level_4(),
        Level::Os => OptimizationOptions::new_optimize_for_size(),
        Level::Oz => OptimizationOptions::new_optimize_for_size_aggressively(),
        Level::Trim => {
            let mut options = OptimizationOptions::new_opt_level_0();
            for pass in TRIM {
                options.add_pass(pass);
            }
            options
        }
    })
}

/// Why Binaryen failed.
#[derive(Debug, thiserror::Error)]
pub enum OptimizeError {
    /// The module uses a feature that this version of Binaryen does not know.
    #[error("the module uses the WebAssembly feature {0:?}, which Binaryen 116 does not know")]
    UnknownFeature(String),
    /// A temporary file, which Binaryen needs, cannot be written or read.
    #[error("cannot use a temporary file for Binaryen")]
    TemporaryFile(#[from] io::Error),
    /// Binaryen refused the module or its own output.
    #[error("Binaryen failed")]
    Binaryen(#[from] wasm_opt::OptimizationError),
}

fn optimize(module: &[u8], level: Level, features: &[String]) -> Result<Vec<u8>, OptimizeError> {
    let Some(mut options) = options_for(level) else {
        return Ok(module.to_vec());
    };
    options.mvp_features_only().debug_info(true).validate(true);
    for name in features {
        for feature in translate_feature(name.trim_start_matches('+'))? {
            options.enable_feature(*feature);
        }
    }
    let folder = WorkFolder::create()?;
    let (input, output) = (folder.path().join("in.wasm"), folder.path().join("out.wasm"));
    fs::write(&input, module)?;
    options.run(&input, &output)?;
    Ok(fs::read(&output)?)
}

/// Translates the name of a feature in the tool conventions to the features of Binaryen 116.
fn translate_feature(name: &str) -> Result<&'static [Feature], OptimizeError> {
    Ok(match name {
        "atomics" => &[Feature::Atomics],
        "bulk-memory" | "bulk-memory-opt" => &[Feature::BulkMemory],
        // An encoding rule of linkers, not a feature of the optimizer.
        "call-indirect-overlong" => &[],
        "exception-handling" => &[Feature::ExceptionHandling],
        "extended-const" => &[Feature::ExtendedConst],
        "multivalue" => &[Feature::Multivalue],
        "mutable-globals" => &[Feature::MutableGlobals],
        "nontrapping-fptoint" => &[Feature::TruncSat],
        "reference-types" => &[Feature::ReferenceTypes],
        "sign-ext" => &[Feature::SignExt],
        "simd128" => &[Feature::Simd],
        "tail-call" => &[Feature::TailCall],
        _ => return Err(OptimizeError::UnknownFeature(name.to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, TypeSection, ValType,
    };

    /// Makes a module with two functions, of which it exports the first.
    fn module() -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut exports = ExportSection::new();
        exports.export("answer", ExportKind::Func, 0);
        let mut code = CodeSection::new();
        for constants in [[40, 2], [1, 1]] {
            let mut body = Function::new([]);
            body.instructions()
                .i32_const(constants[0])
                .i32_const(constants[1])
                .i32_add()
                .end();
            code.function(&body);
        }
        module
            .section(&types)
            .section(&functions)
            .section(&exports)
            .section(&code);
        module.finish()
    }

    fn bodies(module: &[u8]) -> usize {
        wasmparser::Parser::new(0)
            .parse_all(module)
            .filter(|payload| matches!(payload, Ok(wasmparser::Payload::CodeSectionEntry(_))))
            .count()
    }

    #[test]
    fn dead_code_is_removed_and_the_result_is_valid() {
        let small = optimize(&module(), Level::Oz, &["+mutable-globals".into()]).expect("optimizes");
        wasmparser::validate(&small).expect("valid");
        assert_eq!(bodies(&module()), 2);
        assert_eq!(bodies(&small), 1);
        assert_eq!(
            small,
            optimize(&module(), Level::Oz, &["+mutable-globals".into()]).expect("optimizes")
        );
    }

    #[test]
    fn none_changes_nothing() {
        assert_eq!(optimize(&module(), Level::None, &[]).expect("copies"), module());
    }

    #[test]
    fn bad_input_is_refused() {
        assert!(matches!(
            optimize(b"no module", Level::Oz, &[]),
            Err(OptimizeError::Binaryen(_))
        ));
        assert!(matches!(
            optimize(&module(), Level::Oz, &["+warp".into()]),
            Err(OptimizeError::UnknownFeature(name)) if name == "warp"
        ));
    }
}

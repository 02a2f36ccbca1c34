//! Says how far a rehearsal goes: a stack at which a program must stop in, the plan for the guest out.

use std::collections::BTreeMap;

use pywasm_interpreter::{Assumption, Frame, Renewal};
use pywasm_target::abi::guest;

/// Whether a frame is the importer's or the runtime's own, which leads from one module's body to
/// the next.
fn is_between(frame: &Frame) -> bool {
    let file = &frame.file;
    let is_start = file.starts_with(guest::MOUNT) && file.ends_with("/_pywasm.py");
    frame.is_importer() || frame.is_rehearsal() || is_start
}

/// The module that no importer has to find.
const MAIN: &str = "__main__";

/// How far the guest goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// The interpreter starts, and nothing of the program runs.
    Interpreter,
    /// The program runs until it must not go on.
    Free,
    /// It runs to these steps: the name of a module and its step. Each module is in the middle of
    /// importing the next.
    Steps(Vec<(String, u32)>),
}

impl Plan {
    /// The plan that ends before what happened at `stack`.
    ///
    /// The first modules count whose bodies import each other, with nothing in between but the
    /// importer. A function on the way cannot go on later, so the plan ends before its call.
    pub(super) fn before(stack: &[Frame]) -> Self {
        let mut steps: Vec<(String, u32)> = Vec::new();
        for frame in stack.iter().rev() {
            if is_between(frame) {
                continue;
            }
            let Some(body) = &frame.body else { break };
            let is_known = steps.iter().any(|(name, _)| *name == body.module);
            let is_imported = steps.is_empty() && body.module != MAIN;
            if is_known || is_imported && !body.is_found_again {
                break;
            }
            steps.push((body.module.clone(), body.step));
            if !body.is_importing {
                break;
            }
        }
        Self::of_steps(steps)
    }

    /// The next shorter plan.
    pub(super) fn shorter(&self) -> Self {
        match self {
            Self::Steps(steps) => Self::of_steps(steps[..steps.len().saturating_sub(1)].to_vec()),
            Self::Free | Self::Interpreter => Self::Interpreter,
        }
    }

    fn of_steps(steps: Vec<(String, u32)>) -> Self {
        match steps.is_empty() {
            true => Self::Interpreter,
            false => Self::Steps(steps),
        }
    }

    /// The plan as the guest reads it, with the environment that the program finds, what each start
    /// renews, and what the snapshot relies on.
    pub(super) fn text(
        &self,
        environment: &BTreeMap<String, String>,
        renewals: &[Renewal],
        assumptions: &[Assumption],
    ) -> String {
        let mut text = match self {
            Self::Interpreter => "interpreter\n".to_owned(),
            Self::Free => String::new(),
            Self::Steps(steps) => steps
                .iter()
                .map(|(name, step)| format!("step\t{name}\t{step}\n"))
                .collect(),
        };
        for (name, value) in environment {
            text += &format!("variable\t{name}\t{value}\n");
        }
        for renewal in renewals {
            let Renewal {
                module,
                attribute,
                value,
            } = renewal;
            text += &format!("renew\t{module}\t{attribute}\t{value}\n");
        }
        for assumption in assumptions {
            text += &match assumption {
                Assumption::Variable { name, value: None } => format!("absent\t{name}\n"),
                Assumption::Variable {
                    name,
                    value: Some(value),
                } => format!("equal\t{name}\t{value}\n"),
                Assumption::Missing(path) => format!("missing\t{path}\n"),
                Assumption::NoTerminal(fd) => format!("no-terminal\t{fd}\n"),
            };
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use pywasm_interpreter::{Assumption, Frame, ModuleBody, Renewal};

    use super::Plan;

    fn frame(file: &str, body: Option<(&str, u32, bool)>) -> Frame {
        Frame {
            file: file.to_owned(),
            line: 1,
            function: "<module>".to_owned(),
            body: body.map(|(module, step, is_importing)| ModuleBody {
                module: module.to_owned(),
                step,
                is_importing,
                is_found_again: true,
            }),
        }
    }

    fn variable(name: &str, value: Option<&str>) -> Assumption {
        Assumption::Variable {
            name: name.to_owned(),
            value: value.map(str::to_owned),
        }
    }

    fn steps(steps: &[(&str, u32)]) -> Plan {
        Plan::Steps(
            steps
                .iter()
                .map(|(name, step)| ((*name).to_owned(), *step))
                .collect(),
        )
    }

    #[test]
    fn a_plan_names_the_bodies_that_import_each_other() {
        let importer = || frame("<frozen importlib._bootstrap>", None);
        let stack = [
            frame("/pywasm/app/b.py", Some(("b", 7, false))),
            importer(),
            frame("/pywasm/app/a.py", Some(("a", 5, true))),
            importer(),
            importer(),
            frame("/pywasm/app/main.py", Some(("__main__", 3, true))),
        ];
        assert_eq!(
            Plan::before(&stack),
            steps(&[("__main__", 3), ("a", 5), ("b", 7)])
        );
        assert_eq!(
            Plan::before(&stack).text(
                &[("Y".to_owned(), "1".to_owned())].into(),
                &[Renewal {
                    module: "b".to_owned(),
                    attribute: "info.year".to_owned(),
                    value: "year"
                }],
                &[
                    variable("X", None),
                    variable("Y", Some("1")),
                    Assumption::Missing("/a b".to_owned())
                ]
            ),
            "step\t__main__\t3\nstep\ta\t5\nstep\tb\t7\nvariable\tY\t1\nrenew\tb\tinfo.year\tyear\n\
             absent\tX\nequal\tY\t1\nmissing\t/a b\n"
        );
        assert_eq!(
            Plan::before(&stack).shorter(),
            steps(&[("__main__", 3), ("a", 5)])
        );
        assert_eq!(steps(&[("__main__", 3)]).shorter(), Plan::Interpreter);
    }

    #[test]
    fn a_plan_ends_before_a_call() {
        let stack = [
            frame("/pywasm/app/b.py", Some(("b", 7, false))),
            frame("<frozen importlib._bootstrap>", None),
            frame("/pywasm/app/main.py", None),
            frame("/pywasm/app/main.py", Some(("__main__", 3, false))),
        ];
        assert_eq!(Plan::before(&stack), steps(&[("__main__", 3)]));
        assert_eq!(Plan::before(&stack[..3]), Plan::Interpreter);
        assert_eq!(Plan::before(&[]), Plan::Interpreter);
    }
}

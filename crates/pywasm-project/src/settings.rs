//! Defines each option of a build once: what was asked for, and what holds.
//!
//! [`BuildOptions`] is what a caller asks for, beside `[tool.pywasm]`. [`Settings`] is what follows
//! from both; nothing in it is left open.

use std::path::PathBuf;

use pywasm_report::{Docstrings, Optimize, Preinit, Profile};
use toml::de::DeTable;

use crate::config::choice;
use crate::dependencies::DependencyOptions;
use crate::table::Reader;

/// The options of a build, as requested. Each option takes the place of the same key of
/// `[tool.pywasm]`, and lists are added to it.
#[derive(Debug, Clone, Default)]
pub struct BuildOptions {
    /// The worlds of a component, in the place of `component.world`.
    pub worlds: Vec<String>,
    /// For size, or for a quick build.
    pub profile: Profile,
    /// The artifact's name.
    pub name: Option<String>,
    /// The entry, in one of its three forms; a script counts from the project's root.
    pub entry: Option<String>,
    /// More modules to include.
    pub include: Vec<String>,
    /// More modules to leave out.
    pub exclude: Vec<String>,
    /// More encodings, or groups of them.
    pub codecs: Vec<String>,
    /// More data globs.
    pub data: Vec<String>,
    /// More import roots.
    pub paths: Vec<PathBuf>,
    /// The Python version.
    pub python: Option<String>,
    /// The base's id or path.
    pub base: Option<String>,
    /// What Binaryen works for.
    pub optimize: Option<Optimize>,
    /// Whose docstrings stay.
    pub docstrings: Option<Docstrings>,
    /// How far the snapshot goes.
    pub preinit: Option<Preinit>,
    /// Whether the artifact is started once.
    pub smoke: Option<bool>,
    /// More that modules may do while they are imported for the snapshot.
    pub allow: Vec<String>,
    /// More machines to compile for.
    pub aot: Vec<String>,
    /// The CPU to compile for.
    pub cpu: Option<String>,
    /// Whether each stage's module is kept beside the artifact.
    pub keep_stages: bool,
    /// Whether each stage's module is compressed to report its size.
    pub stage_brotli: bool,
    /// Which dependencies, and from where.
    pub dependencies: DependencyOptions,
}

/// What holds in a build.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settings {
    /// For size, or for a quick build.
    pub profile: Profile,
    /// What Binaryen works for.
    pub optimize: Optimize,
    /// How far the snapshot goes.
    pub preinit: Preinit,
    /// Whose docstrings stay.
    pub docstrings: Docstrings,
    /// Whether the artifact is started once, before anything is written.
    pub smoke: bool,
    /// Whether each stage's module is kept beside the artifact.
    pub keep_stages: bool,
    /// Whether each stage's module is compressed to report its size.
    pub stage_brotli: bool,
}

/// What `[tool.pywasm]` says.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ConfiguredSettings {
    optimize: Option<Optimize>,
    docstrings: Option<Docstrings>,
    preinit: Option<Preinit>,
    smoke: Option<bool>,
}

impl ConfiguredSettings {
    /// Reads `[tool.pywasm]`.
    pub(crate) fn read<'s>(reader: &mut Reader<'s>, tool: &DeTable<'s>) -> Self {
        Self {
            optimize: choice(reader, tool, "optimize", Optimize::CHOICES),
            docstrings: choice(reader, tool, "docstrings", Docstrings::CHOICES),
            preinit: choice(reader, tool, "preinit", Preinit::CHOICES),
            smoke: reader.boolean(tool, "smoke"),
        }
    }
}

impl Settings {
    /// What holds: an option before the configuration, and that before the profile's default.
    /// A component has no `__main__` whose turn comes later, so its default snapshot has the app in it.
    pub(crate) fn new(configured: ConfiguredSettings, options: &BuildOptions, is_component: bool) -> Self {
        let is_dev = options.profile == Profile::Dev;
        let default_preinit = match (is_component, is_dev) {
            (true, _) => Preinit::App,
            (false, true) => Preinit::None,
            (false, false) => Preinit::default(),
        };
        let optimize = options.optimize.or(configured.optimize);
        Self {
            profile: options.profile,
            // A quick build never waits for Binaryen.
            optimize: if is_dev {
                Optimize::Off
            } else {
                optimize.unwrap_or_default()
            },
            preinit: options.preinit.or(configured.preinit).unwrap_or(default_preinit),
            docstrings: options.docstrings.or(configured.docstrings).unwrap_or_default(),
            smoke: options.smoke.or(configured.smoke).unwrap_or(false),
            keep_stages: options.keep_stages,
            stage_brotli: options.stage_brotli,
        }
    }

    /// What of it the artifact depends on, as reports and provenance have it.
    #[must_use]
    pub fn recorded(&self) -> pywasm_report::Settings {
        pywasm_report::Settings {
            profile: self.profile,
            optimize: self.optimize,
            preinit: self.preinit,
            docstrings: self.docstrings,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_comes_before_the_configuration_and_that_before_the_profile() {
        let configured = ConfiguredSettings {
            optimize: Some(Optimize::Speed),
            preinit: Some(Preinit::App),
            ..ConfiguredSettings::default()
        };
        let asked = BuildOptions {
            preinit: Some(Preinit::Interpreter),
            ..BuildOptions::default()
        };
        let settings = Settings::new(configured, &asked, false);
        assert_eq!(settings.optimize, Optimize::Speed);
        assert_eq!(settings.preinit, Preinit::Interpreter);
        assert_eq!(settings.docstrings, Docstrings::App);
    }

    #[test]
    fn a_quick_build_has_no_optimizer_and_a_snapshot_only_if_asked_for() {
        let dev = BuildOptions {
            profile: Profile::Dev,
            optimize: Some(Optimize::Size),
            ..BuildOptions::default()
        };
        let settings = Settings::new(ConfiguredSettings::default(), &dev, false);
        assert_eq!(
            (settings.optimize, settings.preinit),
            (Optimize::Off, Preinit::None)
        );
        let dev = BuildOptions {
            preinit: Some(Preinit::App),
            ..dev
        };
        assert_eq!(
            Settings::new(ConfiguredSettings::default(), &dev, false).preinit,
            Preinit::App
        );
    }
}

//! The plan for a folder: pure decisions about its contents.

use crate::export::documents::{Manifest, Parameters, Run};

/// The contents of a folder, as found before an export touches anything.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found<'a> {
    pub(super) has_marker: bool,
    pub(super) manifest: Option<&'a Manifest>,
    pub(super) run: Option<&'a Run>,
    /// A file with the name of a list file that no export of this folder has written.
    pub(super) stranger: Option<&'a str>,
    /// Anything else with a name that the export needs for itself.
    pub(super) in_the_way: Option<&'a str>,
}

/// Flags that say what to do.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags {
    pub(super) restart: bool,
    pub(super) adopt: bool,
}

/// The next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// Write all lists.
    Begin,
    /// Take over files of a release without markers, then write all lists.
    Adopt,
    /// Go on with an export that was interrupted.
    Resume,
    /// Forget what was interrupted, and write all lists.
    Restart,
}

/// Decides what to do; or says why nothing can be done, and what the user can do.
pub(super) fn plan(found: Found<'_>, flags: Flags, now: &Parameters) -> Result<Plan, String> {
    if let Some(name) = found.in_the_way {
        return Err(format!(
            "{name} is in the way, and is no file of this export: move it away, or name another folder"
        ));
    }
    let is_adopting = flags.adopt && found.manifest.is_none() && found.run.is_none();
    if let Some(name) = found.stranger.filter(|_| !is_adopting) {
        return Err(match found.has_marker {
            true => format!(
                "{name} was not written by this export: move it away, or name another folder"
            ),
            false => format!(
                "{name} is in the way, and the folder is not marked as an export: name another folder; or, if an \
                 older release wrote it, take it over with --adopt"
            ),
        });
    }
    let run = found.run.map(|run| &run.parameters);
    let finished = found
        .manifest
        .and_then(|manifest| manifest.parameters.as_ref());
    let difference = run.or(finished).and_then(|then| then.difference(now));
    match difference {
        Some(difference) if !flags.restart => Err(format!(
            "it holds an export with other parameters ({difference}): name another folder, or begin again \
             with --restart"
        )),
        _ if is_adopting => Ok(Plan::Adopt),
        _ if found.run.is_some() && flags.restart => Ok(Plan::Restart),
        _ if found.run.is_some() => Ok(Plan::Resume),
        _ => Ok(Plan::Begin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(format: &str) -> Parameters {
        Parameters {
            format: format.to_owned(),
            csv_safe: false,
            service: "api.music.amazon.dev".to_owned(),
            locale: None,
            image_style: None,
        }
    }

    fn run(format: &str) -> Run {
        Run {
            parameters: parameters(format),
            started_at: "then".to_owned(),
            process: 1,
            attempts: 1,
        }
    }

    fn manifest(format: Option<&str>) -> Manifest {
        Manifest {
            parameters: format.map(parameters),
            started_at: "then".to_owned(),
            finished_at: "then".to_owned(),
            totals: Default::default(),
            lists: Vec::new(),
        }
    }

    #[test]
    fn the_table_of_folders() {
        let nothing = Found::default();
        let marked = Found {
            has_marker: true,
            ..nothing
        };
        let (done, other, adopted) = (
            manifest(Some("csv")),
            manifest(Some("ndjson")),
            manifest(None),
        );
        let (half, half_of_other) = (run("csv"), run("ndjson"));
        let [none, restart, adopt] = [(false, false), (true, false), (false, true)]
            .map(|(restart, adopt)| Flags { restart, adopt });
        let stranger = Some("categories.csv");
        let in_the_way = Some("manifest.json");
        let rows = [
            (nothing, none, Ok(Plan::Begin)),
            (nothing, restart, Ok(Plan::Begin)),
            (
                Found {
                    stranger,
                    ..nothing
                },
                none,
                Err("take it over with --adopt"),
            ),
            (
                Found {
                    stranger,
                    ..nothing
                },
                restart,
                Err("take it over with --adopt"),
            ),
            (
                Found {
                    stranger,
                    ..nothing
                },
                adopt,
                Ok(Plan::Adopt),
            ),
            (
                Found {
                    in_the_way,
                    ..nothing
                },
                none,
                Err("manifest.json is in the way"),
            ),
            (
                Found {
                    in_the_way,
                    ..nothing
                },
                adopt,
                Err("manifest.json is in the way"),
            ),
            (marked, none, Ok(Plan::Begin)),
            // It was adopting when it was killed.
            (Found { stranger, ..marked }, adopt, Ok(Plan::Adopt)),
            (
                Found { stranger, ..marked },
                none,
                Err("was not written by this export"),
            ),
            (
                Found {
                    manifest: Some(&done),
                    ..marked
                },
                none,
                Ok(Plan::Begin),
            ),
            (
                Found {
                    manifest: Some(&done),
                    ..marked
                },
                adopt,
                Ok(Plan::Begin),
            ),
            (
                Found {
                    manifest: Some(&done),
                    stranger,
                    ..marked
                },
                adopt,
                Err("not written by this"),
            ),
            (
                Found {
                    manifest: Some(&adopted),
                    ..marked
                },
                none,
                Ok(Plan::Begin),
            ),
            (
                Found {
                    manifest: Some(&other),
                    ..marked
                },
                none,
                Err("--format was ndjson and is now csv"),
            ),
            (
                Found {
                    manifest: Some(&other),
                    ..marked
                },
                restart,
                Ok(Plan::Begin),
            ),
            (
                Found {
                    run: Some(&half),
                    ..marked
                },
                none,
                Ok(Plan::Resume),
            ),
            (
                Found {
                    run: Some(&half),
                    manifest: Some(&other),
                    ..marked
                },
                none,
                Ok(Plan::Resume),
            ),
            (
                Found {
                    run: Some(&half),
                    ..marked
                },
                restart,
                Ok(Plan::Restart),
            ),
            (
                Found {
                    run: Some(&half_of_other),
                    ..marked
                },
                none,
                Err("other parameters"),
            ),
            (
                Found {
                    run: Some(&half_of_other),
                    ..marked
                },
                restart,
                Ok(Plan::Restart),
            ),
        ];
        for (found, flags, wanted) in rows {
            match (plan(found, flags, &parameters("csv")), wanted) {
                (Err(text), Err(part)) => assert!(text.contains(part), "{text}"),
                (got, wanted) => {
                    assert_eq!(got, wanted.map_err(str::to_owned), "{found:?} {flags:?}")
                }
            }
        }
    }
}

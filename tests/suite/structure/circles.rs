//! Circles between modules of one level: the rooms of a crate, the files of a room.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    is_generated,
    modules::{ModulePath, Modules},
    relative,
};

/// Who uses whom, and the first place where it does.
type Arrows = BTreeMap<(String, String), String>;

/// The circles of the crate with this root file, each with one example of each of its arrows.
pub fn circles(root: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    for (level, arrows) in levels(&Modules::without_tests(root)) {
        for circle in components(&arrows) {
            let level = match level.is_empty() {
                true => "the crate".to_owned(),
                false => level.join("::"),
            };
            let names: Vec<_> = circle.iter().map(String::as_str).collect();
            findings.push(format!(
                "{}: a circle of {} in {level}: {}",
                relative(root),
                circle.len(),
                names.join(", ")
            ));
            let within =
                |pair: &(String, String)| circle.contains(&pair.0) && circle.contains(&pair.1);
            for ((from, to), example) in arrows.iter().filter(|(pair, _)| within(pair)) {
                findings.push(format!("  {from} -> {to}: {example}"));
            }
        }
    }
    findings
}

/// The arrows between the children of each module. What a module and its own child know of each other
/// is no arrow; neither is what a generated file uses.
pub fn levels(modules: &Modules) -> BTreeMap<ModulePath, Arrows> {
    let mut levels: BTreeMap<_, Arrows> = BTreeMap::new();
    for (from, module) in &modules.0 {
        if is_generated(&module.file) {
            continue;
        }
        for used in &module.used {
            let Some(to) = modules.defining(from, &used.path) else {
                continue;
            };
            let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
            if let (Some(one), Some(other)) = (from.get(shared), to.get(shared)) {
                let example = || {
                    let path = used.path.join("::");
                    format!("{}:{}: {path}", relative(&module.file), used.line)
                };
                let arrows = levels.entry(from[..shared].to_vec()).or_default();
                arrows
                    .entry((one.clone(), other.clone()))
                    .or_insert_with(example);
            }
        }
    }
    levels
}

/// The strongly connected components of more than one module.
fn components(arrows: &Arrows) -> BTreeSet<BTreeSet<String>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = arrows
        .keys()
        .map(|(from, _)| (from.as_str(), reached_from(from, arrows)))
        .collect();
    let component = |name: &&str| {
        let others = reached[name].iter().copied();
        let mutual =
            others.filter(|other| reached.get(other).is_some_and(|all| all.contains(name)));
        mutual.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let components = reached.keys().map(component);
    components.filter(|circle| circle.len() > 1).collect()
}

fn reached_from<'a>(from: &str, arrows: &'a Arrows) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        for (_, to) in arrows.keys().filter(|(from, _)| from == name) {
            if reached.insert(to.as_str()) {
                open.push(to);
            }
        }
    }
    reached
}

//! Features are additive: each compiles alone, none of them, all of them, and each pair of those that
//! choose TLS.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{
    cargo::{cargo, has_native_tls, metadata, succeeds},
    surface::PUBLIC_CRATES,
};

/// The features that choose TLS.
const TLS: [&str; 3] = ["rustls", "rustls-no-provider", "native-tls"];

/// The sets of features to check, given all that there are.
#[must_use]
pub fn sets(features: &[String]) -> Vec<Vec<String>> {
    let mut sets = vec![Vec::new()];
    sets.extend(features.iter().map(|feature| vec![feature.clone()]));
    let tls: Vec<_> = features
        .iter()
        .filter(|feature| TLS.contains(&feature.as_str()))
        .collect();
    for (index, one) in tls.iter().enumerate() {
        sets.extend(
            tls[index + 1..]
                .iter()
                .map(|other| vec![(*one).clone(), (*other).clone()]),
        );
    }
    if features.len() > 1 {
        sets.push(features.to_vec());
    }
    sets
}

/// Checks all sets of all public crates: what failed, a line each, and what was not checked.
pub fn check(root: &Path) -> Result<(Vec<String>, Vec<String>)> {
    let (mut failed, mut skipped) = (Vec::new(), Vec::new());
    let metadata = metadata(root, false)?;
    for name in PUBLIC_CRATES {
        let mut features = features_of(&metadata, name)?;
        if features.iter().any(|feature| feature == "native-tls") && !has_native_tls() {
            features.retain(|feature| feature != "native-tls");
            skipped.push(format!(
                "{name}: native-tls (the headers of OpenSSL are not here)"
            ));
        }
        for set in sets(&features) {
            let set = set.join(",");
            let mut check = cargo(root, &["check", "--quiet", "--locked", "--package", name]);
            check.args(["--no-default-features", "--features", &set]);
            if !succeeds(&mut check)? {
                failed.push(format!(
                    "{name} does not compile with the features [{set}] alone"
                ));
            }
        }
    }
    // What a build without TLS says, which the tests of the workspace cannot see: there is TLS there.
    for set in ["", "rustls-no-provider"] {
        let mut test = cargo(root, &["test", "--quiet", "--locked"]);
        test.args(["--package", "amazon-music", "--test", "without_tls"]);
        test.args(["--no-default-features", "--features", set]);
        if !succeeds(&mut test)? {
            failed.push(format!(
                "the test `without_tls` fails with the features [{set}] alone"
            ));
        }
    }
    Ok((failed, skipped))
}

/// The features of a crate, without `default`.
pub fn features_of(metadata: &Value, name: &str) -> Result<Vec<String>> {
    let packages = metadata["packages"].as_array().context("no packages")?;
    let package = packages.iter().find(|package| package["name"] == name);
    let features = package.and_then(|package| package["features"].as_object());
    let names = features
        .with_context(|| format!("no package {name}"))?
        .keys();
    Ok(names.filter(|name| *name != "default").cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_alone_none_all_and_the_pairs_of_tls() {
        let features = ["gzip", "native-tls", "rustls"].map(str::to_owned);
        let sets = sets(&features);
        let sets: Vec<_> = sets.iter().map(|set| set.join(",")).collect();
        let wanted = [
            "",
            "gzip",
            "native-tls",
            "rustls",
            "native-tls,rustls",
            "gzip,native-tls,rustls",
        ];
        assert_eq!(sets, wanted);
        assert_eq!(super::sets(&[]), [Vec::<String>::new()]);
    }
}

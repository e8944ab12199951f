use amazon_music::operations;
use clap::{CommandFactory as _, Parser};

use super::*;
use crate::arguments::{
    browse::{Call, with_commands},
    tree::{Node, tree},
};

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn parameter(name: &'static str, kind: ValueKind) -> ParameterInfo {
    let mut info = operations::ALL[0].parameters[0];
    info.name = name;
    info.kind = kind;
    (info.minimum, info.maximum, info.default) = (None, None, None);
    info.description = "Which ones";
    info
}

/// The operations with more parameters of the category operations.
fn with(more: &[ParameterInfo]) -> Vec<Node> {
    let all = operations::ALL.iter().map(|info| {
        let mut info = **info;
        if info.path.contains("{id}") {
            info.parameters = leak([info.parameters, more].concat());
        }
        leak(info)
    });
    tree(&all.collect::<Vec<_>>())
}

/// The flags of the CLI that parameters can clash with.
#[derive(Parser)]
#[command(name = "amazon-music")]
struct Own {
    #[arg(long, global = true)]
    sandbox: bool,
}

fn parse(nodes: &[Node], line: &str) -> Result<Call, String> {
    let mut command = with_commands(Own::command(), nodes);
    command.clone().debug_assert();
    let words = line.split(' ').filter(|word| !word.is_empty());
    let matches = command.try_get_matches_from_mut(["amazon-music"].into_iter().chain(words));
    let call = matches.and_then(|matches| Call::read(nodes, &matches));
    call.map_err(|error| {
        error
            .to_string()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    })
}

fn values(nodes: &[Node], line: &str) -> Vec<(&'static str, String)> {
    parse(nodes, line)
        .unwrap_or_else(|error| panic!("{line}: {error}"))
        .values
}

#[test]
fn query_parameters_are_flags() {
    let mut mood = parameter("mood", ValueKind::String);
    mood.values = &["CALM", "LOUD"];
    let mut year = parameter("releaseYear", ValueKind::Integer);
    (year.minimum, year.maximum) = (Some(1900), Some(2100));
    let explicit = parameter("isExplicit", ValueKind::Boolean);
    let nodes = with(&[mood, year, explicit]);
    let rows: [(&str, &[(&str, &str)]); 7] = [
        ("category x tracks", &[("id", "x")]),
        (
            "category -x tracks --mood CALM",
            &[("id", "-x"), ("mood", "CALM")],
        ),
        ("category x --mood NEW", &[("id", "x"), ("mood", "NEW")]),
        (
            "category x albums --release-year 1999",
            &[("id", "x"), ("releaseYear", "1999")],
        ),
        (
            "category x albums --is-explicit",
            &[("id", "x"), ("isExplicit", "true")],
        ),
        (
            "category x --is-explicit=false",
            &[("id", "x"), ("isExplicit", "false")],
        ),
        ("top tracks", &[]),
    ];
    for (line, expected) in rows {
        let found = values(&nodes, line);
        let found: Vec<_> = found
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(found, expected, "{line}");
    }
    for line in [
        "category x albums --release-year 1899",
        "category x albums --release-year new",
        "category x albums --is-explicit=maybe",
        "top tracks --mood CALM",
        "categories --release-year 1999",
    ] {
        assert!(parse(&nodes, line).is_err(), "{line}");
    }
}

#[test]
fn known_values_are_in_the_help_and_suggested() {
    let mut mood = parameter("mood", ValueKind::String);
    mood.values = &["CALM", "LOUD"];
    let nodes = with(&[mood]);
    let mut command = with_commands(Own::command(), &nodes);
    let category = command.find_subcommand_mut("category").unwrap();
    let help = category.render_long_help().to_string();
    assert!(help.contains("--mood <MOOD>"), "{help}");
    assert!(
        help.contains("Which ones (CALM, LOUD, or another value)"),
        "{help}"
    );
    let flag = category
        .get_arguments()
        .find(|arg| arg.get_long() == Some("mood"))
        .unwrap();
    assert_eq!(flag.get_possible_values().len(), 2);
}

#[test]
fn a_required_parameter_is_a_required_flag() {
    let mut market = parameter("market", ValueKind::String);
    market.is_required = true;
    let nodes = with(&[market]);
    for line in ["category x", "category x tracks"] {
        let error = parse(&nodes, line).unwrap_err();
        assert!(error.contains("required"), "{line}: {error}");
        let found = values(&nodes, &format!("{line} --market DE"));
        assert_eq!(found[1], ("market", "DE".to_owned()));
    }
}

#[test]
fn a_flag_before_a_further_word_is_refused() {
    let nodes = with(&[parameter("mood", ValueKind::String)]);
    let error = parse(&nodes, "category x --mood CALM tracks").unwrap_err();
    assert!(
        error.contains("--mood belongs after the last word"),
        "{error}"
    );
    assert!(parse(&nodes, "--sandbox category x tracks").is_ok());
}

#[test]
fn a_parameter_with_the_name_of_a_flag_gets_another() {
    let clashing = ["sandbox", "all", "max", "page_size", "help"];
    let nodes = with(&clashing.map(|name| parameter(name, ValueKind::String)));
    for name in clashing {
        let flag = kebab(name);
        let line = format!("category x tracks --query-{flag} 1");
        assert_eq!(values(&nodes, &line)[1], (name, "1".to_owned()));
    }
}

#[test]
fn a_second_id_is_a_second_argument() {
    let mut album = *operations::ALL[4];
    album.id = "getCategoryAlbum";
    album.words = &["category", "{id}", "album", "{albumId}"];
    let mut id = album.parameters[0];
    id.name = "albumId";
    album.parameters = leak([album.parameters[0], id]);
    let all = [operations::ALL, &[leak(album)]].concat();
    let found = values(&tree(&all), "category x album y");
    assert_eq!(found, [("id", "x".to_owned()), ("albumId", "y".to_owned())]);
}

#[test]
fn a_page_is_read_from_the_last_word() {
    let nodes = tree(operations::ALL);
    let paging = parse(&nodes, "category x tracks --max 30 --page-size 7")
        .unwrap()
        .paging;
    assert_eq!((paging.limit, paging.page_size), (Some(30), Some(7)));
    assert!(
        parse(&nodes, "category x --limit 3").is_err(),
        "it is no list"
    );
    let error = parse(&nodes, "top tracks --all --limit 3").unwrap_err();
    assert!(error.contains("cannot be used with"), "{error}");
}

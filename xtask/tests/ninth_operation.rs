//! The test of the whole design: a new list operation costs no hand-written Rust.
//!
//! A copy of the document is given a ninth list operation with one more optional parameter. Copies of
//! both client crates are generated from it and built, offline, with the workspace's lock file. A
//! program against them then streams two pages.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use tokio::process::Command;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path, query_param, query_param_is_missing},
};
use xtask::{generate, spec::Spec, workspace_root};

use copies::{copy, write};

mod copies;

const OPERATION: &str = "
  /browse/categories/{id}/compilations:
    get:
      operationId: getCategoryCompilations
      tags: [Browse]
      summary: List a category's compilations
      description: Albums of many artists tagged with a category.
      externalDocs:
        url: https://example.com/ninth
      parameters:
        - $ref: '#/components/parameters/CategoryId'
        - $ref: '#/components/parameters/LimitUpTo100'
        - $ref: '#/components/parameters/Cursor'
        - name: market
          in: query
          description: The market to look at.
          schema:
            type: string
      responses:
        '200':
          description: The category with one page of its compilations.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/CategoryCompilationsResponse'
        '400':
          $ref: '#/components/responses/BadRequest'
        '404':
          $ref: '#/components/responses/NotFound'
      x-pagination:
        connection: data.category.compilations
        item: Album
components:
";

const SCHEMAS: &str = "
  schemas:
    CategoryWithCompilations:
      type: object
      description: A category with one page of its compilations.
      properties:
        compilations:
          $ref: '#/components/schemas/AlbumConnection'
    CategoryCompilationsData:
      type: object
      description: What the answer holds.
      properties:
        category:
          $ref: '#/components/schemas/CategoryWithCompilations'
    CategoryCompilationsResponse:
      type: object
      description: The answer.
      properties:
        data:
          $ref: '#/components/schemas/CategoryCompilationsData'
";

const PROGRAM: &str = r#"
use amazon_music::{AmazonMusic, operations::CategoryCompilations};
use futures_util::TryStreamExt as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), amazon_music::Error> {
    let music = AmazonMusic::builder()
        .base_url(std::env::args().nth(1).unwrap())
        .security_profile_id("profile")
        .token("token")
        .build()?;
    let mut items = music.category_compilations("abc").market("DE").limit(2).items();
    while let Some(album) = items.try_next().await? {
        println!("{}", album.id);
    }
    let named: amazon_music::Pages<CategoryCompilations> = music.category_compilations("abc").pages();
    drop(named);
    Ok(())
}
"#;

/// The document with one more operation.
fn ninth() -> Spec {
    let text = Spec::read(&workspace_root()).unwrap().text;
    assert_eq!(text.matches("\ncomponents:\n").count(), 1);
    assert_eq!(text.matches("\n  schemas:\n").count(), 1);
    let text = text.replace("\ncomponents:\n", OPERATION);
    Spec::parse(&text.replace("\n  schemas:\n", SCHEMAS)).unwrap()
}

/// A workspace of the two generated crates and the program.
fn make_workspace() -> PathBuf {
    let root = workspace_root();
    let target = root.join("target/ninth-operation");
    write(&target.join("Cargo.toml"), manifest(&root).as_bytes());
    copy(&root.join("Cargo.lock"), &target.join("Cargo.lock"));
    // The sandbox is there because the companion's examples use it; it is not built.
    for name in [
        "amazon-music",
        "amazon-music-browse",
        "amazon-music-sandbox",
    ] {
        let files = format!("crates/{name}");
        copy(
            &root.join(&files).join("Cargo.toml"),
            &target.join(&files).join("Cargo.toml"),
        );
        // Part of the crate's documentation.
        copy(
            &root.join(&files).join("README.md"),
            &target.join(&files).join("README.md"),
        );
        copy_sources(
            &root.join(&files).join("src"),
            &target.join(&files).join("src"),
        );
    }
    let examples = "crates/amazon-music/examples";
    copy(&root.join(examples), &target.join(examples));
    for output in generate::render(&ninth()).unwrap() {
        if output.path.starts_with("crates/") {
            write(&target.join(output.path), output.text.as_bytes());
        }
    }
    write(
        &target.join("program/Cargo.toml"),
        "[package]\nname = \"program\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
         amazon-music.workspace = true\nfutures-util.workspace = true\n\
         tokio = { workspace = true, features = [\"macros\", \"rt\"] }\n"
            .as_bytes(),
    );
    write(&target.join("program/src/main.rs"), PROGRAM.as_bytes());
    target
}

/// The manifest of the workspace with the members of the copy.
fn manifest(root: &Path) -> String {
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let lines = manifest.lines().map(|line| match line.split(" = ").next() {
        Some("members") => "members = [\"crates/*\", \"program\"]",
        Some("default-members") => "",
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Everything but the generated file, which is written from the other document.
fn copy_sources(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name() != "generated.rs" {
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    }
}

fn page(id: &str, info: &str) -> ResponseTemplate {
    let body = format!(
        r#"{{"data":{{"category":{{"compilations":{{"pageInfo":{info},"edges":[{{"node":{{"id":"{id}"}}}}]}}}}}}}}"#
    );
    ResponseTemplate::new(200).set_body_raw(body, "application/json")
}

#[tokio::test]
async fn a_ninth_list_operation_needs_no_hand_written_rust() {
    let workspace = make_workspace();
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--offline", "--package", "program"])
        .current_dir(&workspace)
        .env("CARGO_TARGET_DIR", workspace.join("target"))
        .output()
        .await
        .unwrap();
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );

    let server = MockServer::start().await;
    let request = || {
        Mock::given(method("GET"))
            .and(path("/v1/browse/categories/abc/compilations"))
            .and(query_param("market", "DE"))
            .and(query_param("limit", "2"))
    };
    request()
        .and(query_param_is_missing("cursor"))
        .respond_with(page("first", r#"{"hasNextPage":true,"token":"next"}"#))
        .expect(1)
        .mount(&server)
        .await;
    request()
        .and(query_param("cursor", "next"))
        .respond_with(page("second", r#"{"hasNextPage":false}"#))
        .expect(1)
        .mount(&server)
        .await;
    let ran = Command::new(workspace.join("target/debug/program"))
        .arg(format!("{}/v1", server.uri()))
        .output()
        .await
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "first\nsecond\n");
}

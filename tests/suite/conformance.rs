//! Every response of the sandbox is valid by the spec, and has no field that the spec does not name.

use std::collections::BTreeSet;

use amazon_music::operations::ALL;
use amazon_music_sandbox::Running;
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use xtask::spec::{Connection, Operation, Shape, Spec};

use crate::{common::root, operations::path};

/// The spec, and a sandbox to check against it.
struct Bench {
    sandbox: Running,
    http: reqwest::Client,
    tree: Value,
    operations: Vec<Operation>,
}

/// A response that was found valid.
struct Response {
    status: u16,
    body: Value,
}

impl Bench {
    async fn new() -> Self {
        let spec = Spec::read(&root()).unwrap();
        let operations = spec.operations().unwrap();
        let mut tree = spec.tree;
        close(&mut tree["components"]["schemas"]);
        Self {
            sandbox: amazon_music_sandbox::start().await.unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            tree,
            operations,
        }
    }

    /// A request with both credentials.
    fn request(&self, path: &str, query: &[(&str, &str)]) -> reqwest::RequestBuilder {
        self.http
            .get(format!("{}{path}", self.sandbox.base_url()))
            .query(query)
            .header("x-api-key", self.sandbox.security_profile_id())
            .bearer_auth(self.sandbox.token())
    }

    /// Sends the request, and validates the response against the spec of this operation.
    async fn check(&self, operation: &Operation, request: reqwest::RequestBuilder) -> Response {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        assert_eq!(response.headers()["content-type"], "application/json");
        let body: Value = response.json().await.unwrap();
        let documented = &self.tree["paths"][&operation.path]["get"]["responses"];
        let documented = &documented[status.to_string()];
        assert!(!documented.is_null(), "{}: {status}", operation.id);
        let documented = match documented["$ref"].as_str() {
            Some(reference) => self
                .tree
                .pointer(reference.trim_start_matches('#'))
                .unwrap(),
            None => documented,
        };
        let schema = documented["content"]["application/json"]["schema"].clone();
        let problems: Vec<String> = self
            .validator(&schema)
            .iter_errors(&body)
            .map(|problem| format!("{}: {problem}", problem.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{}: {problems:?}", operation.id);
        Response { status, body }
    }

    /// The components of OpenAPI 3.0 are JSON Schema here: the spec never says `nullable`.
    fn validator(&self, schema: &Value) -> Validator {
        let schema = json!({"allOf": [schema], "components": self.tree["components"]});
        jsonschema::options()
            .with_draft(Draft::Draft7)
            .should_validate_formats(true)
            .build(&schema)
            .unwrap()
    }
}

/// Forbids fields that no schema names, in a copy: a client may meet new ones, the sandbox has none.
fn close(schemas: &mut Value) {
    for schema in schemas.as_object_mut().unwrap().values_mut() {
        assert!(schema.get("nullable").is_none());
        if schema["type"] == "object" {
            schema["additionalProperties"] = false.into();
        }
    }
}

fn path_of(operation: &Operation) -> String {
    let mut known = ALL.iter();
    path(known.find(|info| info.id == operation.id).unwrap())
}

/// The paths of an operation whose responses are checked: with the example, and with an item that the
/// documentation shows.
fn paths_of(operation: &Operation) -> BTreeSet<String> {
    let mut paths = BTreeSet::from([path_of(operation)]);
    if operation.path.starts_with("/browse/categories/{id}") {
        paths.insert(operation.path.replace("{id}", "E9UEPoEH"));
    }
    paths
}

/// Checks each page of the list at a path. Returns their number.
async fn pages(bench: &Bench, operation: &Operation, list: &Connection, path: &str) -> usize {
    let pointer = format!("/{}", list.connection.replace('.', "/"));
    let (_, largest, _) = operation.limits().unwrap();
    let limit = largest.min(20).to_string();
    let mut cursor: Option<String> = None;
    let mut pages = 0;
    loop {
        let mut query = vec![("limit", &*limit)];
        if let Some(cursor) = &cursor {
            query.push(("cursor", cursor));
        }
        let request = bench.request(path, &query);
        let response = bench.check(operation, request).await;
        assert_eq!(response.status, 200, "{}", operation.id);
        let page = response.body.pointer(&pointer).unwrap();
        assert_eq!(
            page["edgeCount"],
            page["edges"].as_array().unwrap().len(),
            "{}",
            operation.id
        );
        pages += 1;
        cursor = page["pageInfo"]["token"].as_str().map(str::to_owned);
        assert_eq!(page["pageInfo"]["hasNextPage"], cursor.is_some());
        if cursor.is_none() {
            return pages;
        }
    }
}

#[tokio::test]
async fn every_page_of_every_list_is_as_documented() {
    let bench = Bench::new().await;
    for operation in &bench.operations {
        for path in paths_of(operation) {
            let Shape::List(list) = &operation.shape else {
                let request = bench.request(&path, &[]);
                assert_eq!(bench.check(operation, request).await.status, 200);
                continue;
            };
            let pages = pages(&bench, operation, list, &path).await;
            assert!(pages > 1, "{}: one page is no walk", operation.id);
        }
    }
}

#[tokio::test]
async fn every_rejection_is_as_documented() {
    let bench = Bench::new().await;
    let profile = bench.sandbox.security_profile_id();
    for operation in &bench.operations {
        let path = path_of(operation);
        let url = format!("{}{path}", bench.sandbox.base_url());
        let bare = || bench.http.get(&url);
        let mut refusals = vec![
            (401, "NO_X_API_KEY", bare()),
            (
                401,
                "INVALID_AUTH_TYPE",
                bare().header("x-api-key", profile),
            ),
            (
                401,
                "INVALID_ACCESS_TOKEN",
                bare().header("x-api-key", profile).bearer_auth("old"),
            ),
        ];
        if let Some((start, rest)) = operation.path.split_once('{') {
            let (_, end) = rest.split_once('}').unwrap();
            let path = format!("{start}unknown{end}");
            let request = bench.request(&path, &[]);
            refusals.push((404, "RESOURCE_NOT_FOUND", request));
        }
        if matches!(operation.shape, Shape::List(_)) {
            let (_, largest, _) = operation.limits().unwrap();
            let too_large = (largest + 1).to_string();
            let wrong = [
                ("limit", "0"),
                ("limit", &*too_large),
                ("limit", "1.5"),
                ("limit", ""),
                ("cursor", ""),
                // The one exception: well-formed, but never issued for this list.
                ("cursor", "4:vx0YEGc1"),
            ];
            for pair in wrong {
                refusals.push((400, "BAD_REQUEST", bench.request(&path, &[pair])));
            }
        }
        for (status, code, request) in refusals {
            let response = bench.check(operation, request).await;
            assert_eq!(response.status, status, "{} {code}", operation.id);
            assert_eq!(response.body["error"]["code"], code, "{}", operation.id);
            assert_eq!(response.body["error"]["status"], status.to_string());
        }
    }
}

#[tokio::test]
async fn other_methods_get_a_405_with_the_allowed_ones() {
    let bench = Bench::new().await;
    let envelope = bench.validator(&json!({"$ref": "#/components/schemas/ErrorEnvelope"}));
    for operation in &bench.operations {
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
            let url = format!("{}{}", bench.sandbox.base_url(), path_of(operation));
            let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
            let response = bench.http.request(method, url).send().await.unwrap();
            assert_eq!(response.status(), 405);
            assert_eq!(response.headers()["allow"], "GET, HEAD");
            assert!(envelope.is_valid(&response.json().await.unwrap()));
        }
    }
}

#[tokio::test]
async fn an_unknown_path_is_a_404_in_the_error_object() {
    let bench = Bench::new().await;
    let envelope = bench.validator(&json!({"$ref": "#/components/schemas/ErrorEnvelope"}));
    for path in [
        "/browse",
        "/browse/tracks",
        "/browse/categories/E9UEPoEH/songs",
    ] {
        let response = bench.request(path, &[]).send().await.unwrap();
        assert_eq!(response.status(), 404);
        let body: Value = response.json().await.unwrap();
        assert!(envelope.is_valid(&body), "{body}");
        assert_eq!(body["error"]["code"], "RESOURCE_NOT_FOUND");
    }
}

#[tokio::test]
async fn injected_errors_are_as_documented() {
    use amazon_music_sandbox::{Fault, Faults};

    let bench = Bench::new().await;
    let faults = [
        (403, Fault::error(403, "ACCESS_DENIED")),
        (422, Fault::error(422, "MAX_CONCURRENCY_REACHED")),
        (429, Fault::throttled("2")),
        (500, Fault::error(500, "INTERNAL")),
    ];
    for operation in &bench.operations {
        for (status, fault) in &faults {
            bench
                .sandbox
                .set_faults(Faults::in_order([Some(fault.clone())]));
            let request = bench.request(&path_of(operation), &[]);
            assert_eq!(bench.check(operation, request).await.status, *status);
        }
    }
}

#[test]
fn the_first_server_of_the_spec_is_the_default_of_the_client() {
    let spec = Spec::read(&root()).unwrap();
    assert_eq!(
        spec.tree["servers"][0]["url"],
        amazon_music_browse::BASE_URL
    );
}

#[tokio::test]
async fn the_spec_is_served_and_names_this_server() {
    let bench = Bench::new().await;
    let base = bench.sandbox.base_url();
    let at = |path: &str| format!("http://{}{path}", bench.sandbox.address());
    let get = async |path: &str| bench.http.get(at(path)).send().await.unwrap();

    let json: Value = get("/openapi.json").await.json().await.unwrap();
    assert_eq!(json["servers"].as_array().unwrap().len(), 1);
    assert_eq!(json["servers"][0]["url"], *base);
    let paths = json["paths"].as_object().unwrap();
    assert_eq!(paths.len(), bench.operations.len());

    let yaml = get("/openapi.yaml").await.text().await.unwrap();
    let mut yaml: Value = yaml_serde::from_str(&yaml).unwrap();
    yaml["x-generated"] = json["x-generated"].clone();
    assert_eq!(yaml, json);
    assert_eq!(bench.sandbox.requests(), 0);
}

#[tokio::test]
async fn the_page_and_its_parts_come_from_the_sandbox() {
    let bench = Bench::new().await;
    let address = bench.sandbox.address();
    let get = async |path: &str| {
        let url = format!("http://{address}{path}");
        let response = bench.http.get(url).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
    };
    let page = get("/").await;
    assert!(!page.contains("{{") && !page.contains("https://"), "{page}");
    let parts: Vec<_> = page
        .split(['"'])
        .filter(|text| text.starts_with("/swagger-ui/"))
        .collect();
    assert_eq!(parts.len(), 2);
    let origin = origin().await;
    for part in parts {
        let text = get(part).await;
        assert!(text.len() > 1000);
        let response = bench.http.get(format!("{origin}{part}")).send().await;
        let original = response.unwrap().text().await.unwrap();
        let files = "crates/amazon-music-sandbox/src/swagger-ui";
        assert!(
            text == original,
            "{part}: not that of the package, see {files}"
        );
    }
}

/// Serves the files of the package `swagger-ui-dist`.
async fn origin() -> String {
    use swagger_ui_dist::{ApiDefinition, OpenApiSource, generate_routes};
    let routes = generate_routes(ApiDefinition {
        uri_prefix: "/swagger-ui",
        api_definition: OpenApiSource::Uri("/openapi.json"),
        title: None,
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

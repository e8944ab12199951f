//! The spans and events that a tracing subscriber receives.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{cell::RefCell, collections::BTreeMap, fmt, sync::Once};

use amazon_music::{CallOptions, RetrySettings, trace_names as names};
use insta::assert_snapshot;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span,
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt as _},
    registry::LookupSpan,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

thread_local! {
    /// Lines recorded on this thread, which is that of one test.
    static TOLD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Records spans as they close, and events.
struct Recorder;

fn write_down(line: String) {
    TOLD.with_borrow_mut(|told| told.push(line));
}

#[derive(Default)]
struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn on_new_span(
        &self,
        attributes: &span::Attributes<'_>,
        id: &span::Id,
        context: Context<'_, S>,
    ) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        context.span(id).unwrap().extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &span::Id, values: &span::Record<'_>, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        values.record(span.extensions_mut().get_mut::<Fields>().unwrap());
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().starts_with("amazon_music") {
            let mut fields = Fields::default();
            event.record(&mut fields);
            write_down(format!("{}{fields}", event.metadata().target()));
        }
    }

    fn on_close(&self, id: span::Id, context: Context<'_, S>) {
        let span = context.span(&id).unwrap();
        if span.metadata().target().starts_with("amazon_music") {
            let extensions = span.extensions();
            let fields = extensions.get::<Fields>().unwrap();
            write_down(format!("{}{fields}", span.name()));
        }
    }
}

/// Lines recorded while the work runs.
async fn told(work: impl Future<Output = ()>) -> String {
    static LISTEN: Once = Once::new();
    LISTEN.call_once(|| {
        let subscriber = tracing_subscriber::registry().with(Recorder);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    work.await;
    TOLD.take().join("\n")
}

async fn always(response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(response)
        .mount(&server)
        .await;
    server
}

fn json(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body.to_owned(), "application/json")
}

fn client(server: &wiremock::MockServer) -> amazon_music::AmazonMusic {
    amazon_music::AmazonMusic::builder()
        .base_url(server.uri())
        .security_profile_id("amzn1.application.canary")
        .token("Atza|canary")
        .retries(
            RetrySettings::new()
                .max_attempts(2)
                .base_delay(std::time::Duration::ZERO),
        )
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_call_that_fails_twice() {
    let server = always(ResponseTemplate::new(502)).await;
    let told = told(async {
        let options = CallOptions::new().tag("nightly");
        let list = client(&server)
            .top_tracks()
            .cursor("canary")
            .options(options);
        list.send().await.unwrap_err();
    })
    .await;
    assert_snapshot!(told, @r#"
    amazon_music.attempt amazon_music.cursor="e100fbce" error.type="502" http.request.method="GET" http.request.resend_count=0 http.response.status_code=502 server.address="127.0.0.1" url.path="/browse/tracks/top" url.template="/browse/tracks/top"
    amazon_music::retry amazon_music.delay_ms=0 amazon_music.reason="502" message=retrying
    amazon_music.attempt amazon_music.cursor="e100fbce" error.type="502" http.request.method="GET" http.request.resend_count=1 http.response.status_code=502 server.address="127.0.0.1" url.path="/browse/tracks/top" url.template="/browse/tracks/top"
    amazon_music.call amazon_music.attempts=2 amazon_music.operation="get_top_tracks" amazon_music.tag="nightly" error.type="502" http.request.method="GET" http.response.status_code=502 server.address="127.0.0.1" url.template="/browse/tracks/top"
    "#);
    assert!(!told.contains("canary"));
}

#[tokio::test]
async fn a_retry_after_a_429_has_no_delay_of_its_own() {
    let server = MockServer::start().await;
    let throttled = Mock::given(method("GET")).respond_with(ResponseTemplate::new(429));
    throttled.up_to_n_times(1).mount(&server).await;
    let page = json(r#"{"data":{"topTracks":{"edges":[]}}}"#);
    Mock::given(method("GET"))
        .respond_with(page)
        .mount(&server)
        .await;
    let told = told(async {
        client(&server).top_tracks().send().await.unwrap();
    })
    .await;
    let (waits, events): (Vec<&str>, Vec<&str>) = told
        .lines()
        .filter(|line| line.starts_with("amazon_music::"))
        .partition(|line| line.contains("message=waiting for a turn"));
    assert_eq!(waits.len(), 1, "{told}");
    assert!(waits[0].contains("amazon_music.delay_ms="), "{told}");
    assert_snapshot!(events.join("\n"), @r#"
    amazon_music::pace amazon_music.requests_per_second=2.0 amazon_music.waiting=0 message=rate limited
    amazon_music::retry amazon_music.reason="429" message=retrying
    "#);
}

#[tokio::test]
async fn a_refresh_is_an_event() {
    let server = always(json("{}")).await;
    let told = told(async {
        let provider = amazon_music::auth::token_from(|| async {
            Ok(amazon_music::auth::AccessToken::new("Atza|canary"))
        });
        let music = amazon_music::AmazonMusic::builder()
            .base_url(server.uri())
            .security_profile_id("amzn1.application.canary")
            .tokens(provider)
            .build()
            .unwrap();
        music.category("abc").send().await.unwrap_err();
    })
    .await;
    let events: Vec<&str> = told
        .lines()
        .filter(|line| line.starts_with(names::AUTH))
        .collect();
    assert_snapshot!(events.join("\n"), @"
    amazon_music::auth message=refreshing the access token
    amazon_music::auth message=the access token was refreshed
    ");
    assert!(!told.contains("canary"));
}

#[tokio::test]
async fn a_call_of_the_generated_client_is_named_once_the_operation_is_known() {
    let server = always(json("{}")).await;
    let told = told(async {
        let call = client(&server);
        call.call(|client| async move { client.get_category().id("abc").send().await })
            .await
            .unwrap();
    })
    .await;
    assert_snapshot!(told, @r#"
    amazon_music.attempt http.request.method="GET" http.request.resend_count=0 http.response.status_code=200 server.address="127.0.0.1" url.path="/browse/categories/abc" url.template="/browse/categories/{id}"
    amazon_music.call amazon_music.attempts=1 amazon_music.operation="get_category" http.request.method="GET" http.response.status_code=200 server.address="127.0.0.1" url.template="/browse/categories/{id}"
    "#);
}

#[tokio::test]
async fn undocumented_values_are_reported_once() {
    let body = r#"{"data":{"browseCategories":{"edges":[
        {"node":{"id":"a","categoryType":"MOOD","colour":"red","size":4}},{}]}}}"#;
    let server = always(json(body)).await;
    let told = told(async {
        let music = client(&server);
        for _ in 0..5 {
            music.categories().send().await.unwrap();
        }
    })
    .await;
    let drift: Vec<&str> = told
        .lines()
        .filter(|line| line.starts_with(names::DRIFT))
        .collect();
    assert_snapshot!(drift.join("\n"), @r#"
    amazon_music::drift amazon_music.json_path="data.browseCategories.edges[1].node" amazon_music.operation="get_categories" amazon_music.unexpected="dropped item" message=the answer is not as documented
    amazon_music::drift amazon_music.json_path="data.browseCategories.edges.node.categoryType" amazon_music.operation="get_categories" amazon_music.unexpected="unknown value" message=the answer is not as documented
    amazon_music::drift amazon_music.json_path="data.browseCategories.edges.node.colour" amazon_music.operation="get_categories" amazon_music.unexpected="unknown field" message=the answer is not as documented
    "#);
}

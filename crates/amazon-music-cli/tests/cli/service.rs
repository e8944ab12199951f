//! A service that responds as a test says.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::Command,
    sync::{Arc, Mutex},
    thread,
};

use amazon_music::operations;
use serde_json::{Value, json};

use crate::{cli, further};

/// A response.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: String,
    /// Further lines of the head.
    pub(crate) headers: String,
}

impl Reply {
    pub(crate) fn ok(body: &Value) -> Self {
        Self::new(200, body.to_string())
    }

    /// The documented object of an error.
    pub(crate) fn error(status: u16, code: &str) -> Self {
        let body = json!({"error": {"code": code, "message": "no", "status": status.to_string()}});
        Self::new(status, body.to_string())
    }

    pub(crate) fn page(html: &str) -> Self {
        Self::new(200, html.to_owned())
    }

    pub(crate) fn new(status: u16, body: String) -> Self {
        Self {
            status,
            body,
            headers: String::new(),
        }
    }

    pub(crate) fn header(mut self, line: &str) -> Self {
        self.headers += line;
        self.headers += "\r\n";
        self
    }
}

type Respond = Box<dyn Fn(&str) -> Reply + Send + Sync>;

/// A running service. It ends with the process.
pub(crate) struct Service {
    address: SocketAddr,
    respond: Arc<Mutex<Arc<Respond>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// Starts; `respond` is given the path with its query, without the version.
    pub(crate) fn start(respond: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let service = Self {
            address: listener.local_addr().unwrap(),
            respond: Arc::new(Mutex::new(Arc::new(Box::new(respond)))),
            requests: Arc::default(),
        };
        let (respond, requests) = (Arc::clone(&service.respond), Arc::clone(&service.requests));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let respond = Arc::clone(&respond.lock().unwrap());
                let requests = Arc::clone(&requests);
                thread::spawn(move || serve(stream.unwrap(), &respond, &requests));
            }
        });
        service
    }

    /// Responds otherwise from now on.
    pub(crate) fn change(&self, respond: impl Fn(&str) -> Reply + Send + Sync + 'static) {
        *self.respond.lock().unwrap() = Arc::new(Box::new(respond));
    }

    /// The number of requests since the last call, whatever they were for.
    pub(crate) fn all_requests(&self) -> usize {
        std::mem::take(&mut *self.requests.lock().unwrap()).len()
    }

    /// The requests since the last call.
    pub(crate) fn requests(&self) -> Vec<String> {
        let mut requests = std::mem::take(&mut *self.requests.lock().unwrap());
        requests.retain(|path| !further::is_path(path));
        requests
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The CLI with this service in the place of the live one.
    pub(crate) fn cli(&self, arguments: &[&str]) -> Command {
        let mut command = cli(arguments);
        command
            .env("AMAZON_MUSIC_SECURITY_PROFILE_ID", "amzn1.application.test")
            .env("AMAZON_MUSIC_TOKEN", "Atza|test")
            .env("AMAZON_MUSIC_BASE_URL", self.base_url());
        command
    }
}

fn serve(stream: TcpStream, respond: &Respond, requests: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(&stream);
    let mut lines = reader.by_ref().lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let mut length = 0;
    for line in lines.take_while(|line| !line.is_empty()) {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
    let path = first.split(' ').nth(1).unwrap();
    let path = path.strip_prefix("/v1/").unwrap_or(path);
    requests.lock().unwrap().push(path.to_owned());
    let Reply {
        status,
        body,
        headers,
    } = respond(path);
    let kind = match body.starts_with('<') {
        true => "text/html",
        false => "application/json",
    };
    // A client that was killed does not read it.
    let _ = write!(
        &stream,
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n{headers}connection: close\r\n\r\n{body}",
        body.len()
    );
}

/// A page of a list, by the path of its request.
pub(crate) fn page(path: &str, nodes: &[Value], next: Option<&str>) -> Reply {
    let edges: Vec<Value> = nodes.iter().map(|node| json!({"node": node})).collect();
    let list = json!({
        "edgeCount": edges.len(),
        "edges": edges,
        "pageInfo": {"hasNextPage": next.is_some(), "token": next},
    });
    let (path, _) = path.split_once('?').unwrap_or((path, ""));
    let id = |part: &str| part.starts_with('{');
    let ids = |template: &str| -> Option<Vec<String>> {
        let (wanted, found) = (template.split('/').skip(1), path.split('/'));
        if wanted.clone().count() != found.clone().count() {
            return None;
        }
        let mut parts = wanted.zip(found);
        let fits = parts
            .clone()
            .all(|(wanted, found)| wanted == found || id(wanted));
        let ids = parts.by_ref().filter(|(wanted, _)| id(wanted));
        fits.then(|| ids.map(|(_, found)| found.to_owned()).collect())
    };
    let mut operations = operations::ALL.iter();
    let found = operations.find_map(|info| Some((info, ids(info.path)?)));
    let (info, ids) = found.unwrap_or_else(|| panic!("{path}"));
    let (name, around) = info.payload.split_last().unwrap();
    let mut body = json!({*name: list});
    if let Some(id) = ids.last() {
        body["id"] = id.as_str().into();
    }
    for name in around.iter().rev() {
        body = json!({*name: body});
    }
    Reply::ok(&body)
}

/// The query of a request.
pub(crate) fn query(path: &str) -> BTreeMap<&str, &str> {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .collect()
}

/// A catalog of these categories, each list with three items on two pages.
pub(crate) fn catalog(ids: &'static [&'static str]) -> impl Fn(&str) -> Reply + Send + Sync {
    move |path| {
        if path.starts_with("browse/categories?") {
            let nodes: Vec<Value> = ids.iter().map(|id| json!({"id": id, "name": id})).collect();
            return page(path, &nodes, None);
        }
        let name = path.split('?').next().unwrap();
        let node =
            |number: u32| json!({"id": format!("{number}"), "title": format!("{name} {number}")});
        match query(path).get("cursor") {
            None => page(path, &[node(1), node(2)], Some("second")),
            Some(&"second") => page(path, &[node(3)], None),
            Some(_) => Reply::error(400, "BAD_REQUEST"),
        }
    }
}

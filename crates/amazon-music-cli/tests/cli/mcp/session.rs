//! A client of the server: one line of JSON for each message.

use std::{
    io::{BufRead as _, BufReader, Lines, Read as _, Write as _},
    process::{Child, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

use crate::cli;

/// A running server, and what it has to say.
pub(super) struct Session {
    pub(super) child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    last: u64,
}

/// How a server has ended.
#[derive(Debug)]
pub(super) struct End {
    pub(super) code: Option<i32>,
    pub(super) errors: String,
}

impl Session {
    /// Starts the server.
    pub(super) fn spawn(command: &mut Command) -> Self {
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = pipes.stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            child,
            lines,
            last: 0,
        }
    }

    /// Starts the server and a session.
    pub(super) fn start(command: &mut Command) -> Self {
        let mut session = Self::spawn(command);
        session.initialize();
        session
    }

    /// A session of the sandbox.
    pub(super) fn sandbox() -> Self {
        Self::start(&mut cli(&["mcp", "--sandbox"]))
    }

    pub(super) fn initialize(&mut self) -> Value {
        let client = json!({"name": "test", "version": "1"});
        let result = self.request(
            "initialize",
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client}),
        );
        self.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string());
        result["result"].clone()
    }

    /// Writes a line.
    pub(super) fn send(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Sends a request and returns its id.
    pub(super) fn ask(&mut self, method: &str, parameters: Value) -> u64 {
        self.last += 1;
        let id = self.last;
        let request = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": parameters});
        self.send(&request.to_string());
        id
    }

    /// The next line of standard output.
    pub(super) fn line(&mut self) -> String {
        self.lines.next().expect("the server has ended").unwrap()
    }

    /// The next message.
    pub(super) fn next(&mut self) -> Value {
        let message: Value = serde_json::from_str(&self.line()).unwrap();
        assert_eq!(message["jsonrpc"], "2.0");
        message
    }

    /// Sends a request and returns its response.
    pub(super) fn request(&mut self, method: &str, parameters: Value) -> Value {
        let id = self.ask(method, parameters);
        let response = self.next();
        assert_eq!(response["id"], id, "{response}");
        response
    }

    pub(super) fn ask_tool(&mut self, name: &str, arguments: Value) -> u64 {
        self.ask("tools/call", json!({"name": name, "arguments": arguments}))
    }

    /// Calls a tool; the text of the result is its structured content.
    pub(super) fn call(&mut self, name: &str, arguments: Value) -> Value {
        let id = self.ask_tool(name, arguments);
        let response = self.next();
        assert_eq!(response["id"], id, "{response}");
        let result = response["result"].clone();
        let text = result["content"][0]["text"].as_str().unwrap();
        let same: Value = serde_json::from_str(text).unwrap();
        assert_eq!(same, result["structuredContent"]);
        result
    }

    /// The structured content of a call that succeeds.
    pub(super) fn data(&mut self, name: &str, arguments: Value) -> Value {
        let result = self.call(name, arguments);
        assert_eq!(result["isError"], false, "{result}");
        result["structuredContent"].clone()
    }

    /// The error of a call that fails.
    pub(super) fn error(&mut self, name: &str, arguments: Value) -> Value {
        let result = self.call(name, arguments);
        assert_eq!(result["isError"], true, "{result}");
        let content = result["structuredContent"].as_object().unwrap();
        assert_eq!(content.len(), 1, "{result}");
        content["error"].clone()
    }

    /// Closes standard input, or sends a signal; nothing more comes from standard output.
    pub(super) fn end(mut self, signal: Option<&str>) -> End {
        match signal {
            None => drop(self.child.stdin.take()),
            Some(signal) => {
                let id = self.child.id().to_string();
                let mut kill = Command::new("kill");
                assert!(kill.args([signal, &id]).status().unwrap().success());
            }
        }
        assert!(self.lines.next().is_none());
        let mut errors = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut errors).unwrap();
        End {
            code: self.child.wait().unwrap().code(),
            errors,
        }
    }
}

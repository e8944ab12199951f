//! The proxies that the environment names.

use reqwest::Url;

/// The variables that the HTTP client reads for `https`, in its order.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Refuses a variable that is not the URL of a proxy: the HTTP client ignores such a one, and would send
/// requests directly that were meant for a proxy. The value is not shown, as it may hold a password.
pub(super) fn check(variable: impl Fn(&str) -> Option<String>) -> Result<(), String> {
    for name in VARIABLES {
        let Some(value) = variable(name).filter(|value| !value.is_empty()) else {
            continue;
        };
        if !is_proxy(&value) {
            return Err(format!(
                "the environment variable {name} is not the URL of a proxy: correct it, or unset it"
            ));
        }
    }
    Ok(())
}

/// A URL, or a host and a port.
fn is_proxy(value: &str) -> bool {
    let has_host = |text: &str| Url::parse(text).is_ok_and(|url| url.has_host());
    if value.contains("://") {
        has_host(value)
    } else {
        has_host(&format!("http://{value}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(name: &'static str, value: &'static str) -> Result<(), String> {
        check(|asked| (asked == name).then(|| value.to_owned()))
    }

    #[test]
    fn urls_and_hosts_with_ports_are_proxies() {
        for value in [
            "",
            "http://proxy:3128",
            "proxy:3128",
            "socks5h://user:pass@10.0.0.1:1080",
        ] {
            checked("HTTPS_PROXY", value).unwrap();
        }
    }

    #[test]
    fn anything_else_is_refused_without_showing_it() {
        for (name, value) in [
            ("all_proxy", "http://"),
            ("HTTPS_PROXY", "http://user:secret word@x y"),
        ] {
            let error = checked(name, value).unwrap_err();
            assert!(error.contains(name) && !error.contains("secret"), "{error}");
        }
    }
}

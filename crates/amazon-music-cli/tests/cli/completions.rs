//! The completion scripts, sourced in their shells.

use std::{
    fs,
    io::{self, Write as _},
    process::{Command, Stdio},
};

use crate::{printed, text};

/// A line before the cursor, and some of what completes its last word. `!` is what does not.
const CASES: [(&str, &[&str]); 13] = [
    (
        "amazon-music ",
        &["top", "category", "export", "login", "!tracks"],
    ),
    ("amazon-music cat", &["categories", "category", "!top"]),
    ("amazon-music top ", &["tracks", "playlists", "!export"]),
    ("amazon-music top tr", &["tracks", "!playlists"]),
    (
        "amazon-music top tracks --",
        &["--limit", "--all", "--output", "--sandbox"],
    ),
    (
        "amazon-music top tracks --page",
        &["--page-size", "!--limit"],
    ),
    (
        "amazon-music top tracks --output ",
        &["table", "json", "ndjson", "csv"],
    ),
    ("amazon-music top tracks --output c", &["csv", "!json"]),
    (
        "amazon-music category x ",
        &["albums", "playlists", "tracks"],
    ),
    ("amazon-music category x al", &["albums", "!tracks"]),
    ("amazon-music sandbox ", &["serve", "health"]),
    ("amazon-music export --format ", &["ndjson", "csv"]),
    ("amazon-music completions z", &["zsh", "!bash"]),
];

/// Checks what a shell offers, unless the shell is not installed.
fn check(shell: &str, offered: impl Fn(&str, &str) -> Vec<String>) {
    let is_there = Command::new(shell)
        .args(["-c", "exit 0"])
        .stdin(Stdio::null())
        .status();
    if !is_there.is_ok_and(|status| status.success()) {
        let _ = writeln!(io::stderr(), "skipped: {shell} is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script");
    fs::write(&script, printed(&["completions", shell])).unwrap();
    let mut wrong = Vec::new();
    for (line, expected) in CASES {
        let offered = offered(line, script.to_str().unwrap());
        let is_right = |word: &str| match word.strip_prefix('!') {
            Some(other) => !offered.iter().any(|word| word == other),
            None => offered.iter().any(|offered| offered == word),
        };
        if !expected.iter().all(|word| is_right(word)) {
            wrong.push(format!("{line:?} offers {offered:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The lines that a shell prints for a script of its own, whose `$LINE` and `$SCRIPT` are set.
fn lines(shell: &str, arguments: &[&str], line: &str, script: &str) -> Vec<String> {
    let output = Command::new(shell)
        .args(arguments)
        .env("LINE", line)
        .env("SCRIPT", script)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = text(&output.stdout);
    printed
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// Calls the function that is registered for the command, as bash does.
const IN_BASH: &str = r#"
source "$SCRIPT"
function=$(complete -p amazon-music | sed 's/.*-F \([^ ]*\).*/\1/')
read -r -a COMP_WORDS <<< "$LINE"
[[ "$LINE" == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
"$function" amazon-music "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
"#;

#[test]
fn bash_completes_every_level() {
    check("bash", |line, script| {
        lines("bash", &["-c", IN_BASH], line, script)
    });
}

#[test]
fn fish_completes_every_level() {
    let program = r#"source $SCRIPT; complete -C "$LINE""#;
    check("fish", |line, script| {
        let offered = lines("fish", &["--no-config", "-c", program], line, script);
        // A word, a tab and its description.
        let word = |line: &String| line.split('\t').next().unwrap_or_default().to_owned();
        offered.iter().map(word).collect()
    });
}

/// Completes the line in a terminal of its own; every match is told by the function that would add it.
const IN_ZSH: &str = r#"
zmodload zsh/zpty
zpty -b shell zsh -f -i
send() { zpty -w shell "$1" }
send "PROMPT=; unset zle_bracketed_paste; autoload -U compinit; compinit -u -D"
send "zstyle ':completion:*' completer _complete; zstyle ':completion:*' menu no; LISTMAX=1000"
send 'compadd() { if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi; typeset -a found; builtin compadd -A found "$@"; for word in $found; do print -r -- "<$word>" >> $OUT; done; builtin compadd "$@" }'
send 'source $SCRIPT'
send 'finished() { zle kill-whole-line; print done >> $OUT }; zle -N finished; bindkey "^X" finished'
zpty -n -w shell "$LINE"$'\t'$'\x18'
until grep -q '^done' $OUT 2>/dev/null; do zpty -r -t shell drained; done
zpty -d shell
sed -n 's/^<\(.*\)>$/\1/p' $OUT
"#;

#[test]
fn zsh_completes_every_level() {
    check("zsh", |line, script| {
        let out = tempfile::NamedTempFile::new().unwrap();
        let program = format!("export OUT={}\n{IN_ZSH}", out.path().display());
        lines("zsh", &["-f", "-c", &program], line, script)
    });
}

/// PowerShell itself reads the script, if it is installed; its structure is tested beside the code.
#[test]
fn powershell_can_parse_its_script() {
    let script = tempfile::NamedTempFile::with_suffix(".ps1").unwrap();
    fs::write(script.path(), printed(&["completions", "powershell"])).unwrap();
    let program = r#"
$errors = $null
[void][System.Management.Automation.Language.Parser]::ParseFile($env:SCRIPT, [ref]$null, [ref]$errors)
$errors
"#;
    let parsed = Command::new("pwsh")
        .args(["-NoProfile", "-NonInteractive", "-Command", program])
        .env("SCRIPT", script.path())
        .stdin(Stdio::null())
        .output();
    match parsed {
        Ok(output) => assert_eq!(text(&output.stdout).trim(), ""),
        Err(_) => {
            let _ = writeln!(io::stderr(), "skipped: pwsh is not installed");
        }
    }
}

#[test]
fn completions_exist_for_each_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(printed(&["completions", shell]).contains("amazon-music"));
    }
}

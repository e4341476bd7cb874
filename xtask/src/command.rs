//! Running other programs: aloud, quietly, or with a deadline; always named in errors.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Runs a command with its output shown as it comes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = line_of(command);
    let status = command
        .status()
        .with_context(|| format!("cannot start: {line}"))?;
    if !status.success() {
        bail!("{line}: {status}");
    }
    Ok(())
}

/// Runs a command with its output kept back and shown only if it fails.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    let line = line_of(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start: {line}"))?;
    if !output.status.success() {
        let mut stderr = std::io::stderr().lock();
        stderr.write_all(&output.stdout)?;
        stderr.write_all(&output.stderr)?;
        bail!("{line}: {}", output.status);
    }
    Ok(())
}

/// Runs a command and returns what it wrote to standard output.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let line = line_of(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start: {line}"))?;
    if !output.status.success() {
        bail!("{line}: {}", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a test runner said and how it ended.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) output: String,
    /// Whether it ended by itself with code 0.
    pub(crate) is_success: bool,
    /// In words, for messages: the exit status, or that the deadline passed.
    pub(crate) end: String,
}

/// Runs a command with its output shown and kept; kills it when `deadline` passes.
pub(crate) fn hear(command: &mut Command, deadline: Duration) -> Result<Heard> {
    let line = line_of(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .with_context(|| format!("cannot start: {line}"))?;
    let lines = follow(child.stdout.take());
    let started = Instant::now();
    let mut output = String::new();
    loop {
        let left = deadline.saturating_sub(started.elapsed());
        match lines.recv_timeout(left) {
            Ok(text) => {
                println!("{text}");
                output.push_str(&text);
                output.push('\n');
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let end = format!("killed after {} s without an end", deadline.as_secs());
                child.kill().with_context(|| format!("killing {line}"))?;
                child.wait()?;
                return Ok(Heard {
                    output,
                    is_success: false,
                    end,
                });
            }
        }
    }
    let (is_success, end) = wait_until(&mut child, started + deadline)?;
    Ok(Heard {
        output,
        is_success,
        end,
    })
}

/// A program may close its output and still not end.
fn wait_until(child: &mut Child, until: Instant) -> Result<(bool, String)> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((status.success(), status.to_string()));
        }
        if Instant::now() >= until {
            child.kill()?;
            child.wait()?;
            return Ok((
                false,
                "killed: it closed its output but did not end".to_owned(),
            ));
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn follow(stream: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stream) = stream {
        thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            let mut bytes = Vec::new();
            while matches!(reader.read_until(b'\n', &mut bytes), Ok(count) if count > 0) {
                let text = String::from_utf8_lossy(&bytes)
                    .trim_end_matches(['\n', '\r'])
                    .to_owned();
                if sender.send(text).is_err() {
                    return;
                }
                bytes.clear();
            }
        });
    }
    receiver
}

/// The command as a person would type it.
fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn what_a_runner_says_is_kept_and_its_end_told() {
        let heard = hear(
            &mut shell("echo một; echo hai; exit 3"),
            Duration::from_secs(60),
        )
        .unwrap();
        assert_eq!(heard.output, "một\nhai\n");
        assert!(!heard.is_success);
        assert!(heard.end.contains('3'), "{}", heard.end);
    }

    #[test]
    fn a_runner_that_hangs_is_killed_and_what_it_said_is_kept() {
        let started = Instant::now();
        let heard = hear(
            &mut shell("echo bắt đầu; exec sleep 600"),
            Duration::from_millis(300),
        );
        let heard = heard.unwrap();
        assert!(started.elapsed() < Duration::from_secs(60));
        assert!(
            !heard.is_success && heard.end.contains("killed"),
            "{}",
            heard.end
        );
        assert_eq!(heard.output, "bắt đầu\n");
    }

    #[test]
    fn a_runner_that_closes_its_output_but_does_not_end_is_killed_too() {
        let heard = hear(
            &mut shell("exec >&-; exec sleep 600"),
            Duration::from_millis(300),
        );
        assert!(heard.unwrap().end.contains("did not end"));
    }

    #[test]
    fn a_failure_names_the_command() {
        let error = run_quietly(&mut shell("exit 7")).unwrap_err().to_string();
        assert!(error.starts_with("sh -c exit 7"), "{error}");
        let error = capture(&mut Command::new("khong-co-lenh-nay")).unwrap_err();
        assert!(format!("{error:#}").contains("khong-co-lenh-nay"));
    }
}

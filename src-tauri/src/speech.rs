//! Says a call aloud where the hall page cannot.
//!
//! Owns the memory of calls that were announced but not yet answered for, and one thread that runs the
//! machine's speech program, so that two voices never speak at once. It decides nothing about when a
//! number is called. Where no program is installed the hall stays silent and the log says so.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Calls remembered until the page has answered for them.
const REMEMBERED_CALLS: usize = 16;
/// Calls that may wait for the voice; more than this and the oldest news is no news.
const WAITING_CALLS: usize = 4;
/// A voice that takes longer than this hangs and is ended.
const VOICE_TIMEOUT_MS: u64 = 20_000;
const LOOK_EVERY_MS: u64 = 25;

/// A speech program. The sentence goes to its standard input, never into its arguments.
#[derive(Debug, Clone)]
pub struct Voice {
    program: &'static str,
    arguments: &'static [&'static str],
}

/// The speech programs of this system, best first. On Windows the page itself speaks.
#[must_use]
pub fn system_voices() -> Vec<Voice> {
    if cfg!(target_os = "windows") {
        return Vec::new();
    }
    vec![
        Voice {
            program: "espeak-ng",
            arguments: &["-v", "vi", "-s", "140", "--stdin"],
        },
        Voice {
            program: "spd-say",
            arguments: &["--wait", "--language", "vi", "--pipe-mode"],
        },
    ]
}

/// Speaks calls one after another.
pub struct Speaker {
    unanswered: Mutex<VecDeque<(u64, String)>>,
    say: SyncSender<String>,
}

impl Speaker {
    /// Starts the thread that speaks with the first of `voices` that this machine has.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(voices: Vec<Voice>) -> io::Result<Self> {
        let (say, sentences) = sync_channel(WAITING_CALLS);
        std::thread::Builder::new()
            .name("speech".to_owned())
            .spawn(move || speak_all(&voices, &sentences))?;
        Ok(Self {
            unanswered: Mutex::default(),
            say,
        })
    }

    /// Remembers a call that the hall was told of.
    pub fn announced(&self, seq: u64, text: &str) {
        let mut unanswered = self
            .unanswered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if unanswered.len() == REMEMBERED_CALLS {
            unanswered.pop_front();
        }
        unanswered.push_back((seq, text.to_owned()));
    }

    /// The page answered for a call: it spoke, or it could not and the machine speaks. Each call is
    /// answered for once; a second answer and an unknown call do nothing.
    pub fn answered(&self, seq: u64, spoken: bool) {
        let text = {
            let mut unanswered = self
                .unanswered
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let place = unanswered.iter().position(|(known, _)| *known == seq);
            place
                .and_then(|place| unanswered.remove(place))
                .map(|(_, text)| text)
        };
        let Some(text) = text else { return };
        if spoken {
            return;
        }
        if let Err(TrySendError::Full(_)) = self.say.try_send(text) {
            tracing::warn!(
                seq,
                "too many calls wait for the voice; this one is not spoken"
            );
        }
    }
}

fn speak_all(voices: &[Voice], sentences: &Receiver<String>) {
    for sentence in sentences {
        if !speak(voices, &sentence) {
            tracing::warn!("no speech program on this machine: the call was shown and not spoken");
        }
    }
}

/// Tries each voice in turn; true when one of them spoke to the end.
fn speak(voices: &[Voice], sentence: &str) -> bool {
    voices
        .iter()
        .any(|voice| match speak_with(voice, sentence) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => {
                tracing::warn!(program = voice.program, %error, "the speech program failed");
                false
            }
        })
}

fn speak_with(voice: &Voice, sentence: &str) -> io::Result<()> {
    let mut child = Command::new(voice.program)
        .args(voice.arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let written = child
        .stdin
        .take()
        .map_or(Ok(()), |mut input| input.write_all(sentence.as_bytes()));
    // The process is collected even when it did not read its sentence.
    let ended = wait_at_most(&mut child, Duration::from_millis(VOICE_TIMEOUT_MS));
    written.and(ended)
}

fn wait_at_most(child: &mut Child, patience: Duration) -> io::Result<()> {
    let until = Instant::now() + patience;
    while Instant::now() < until {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(io::Error::other(status.to_string())),
            None => std::thread::sleep(Duration::from_millis(LOOK_EVERY_MS)),
        }
    }
    child.kill()?;
    child.wait()?;
    Err(io::Error::from(io::ErrorKind::TimedOut))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    /// A voice that writes down when it begins and ends, and takes a moment in between.
    fn recording_voice(folder: &Path) -> (Voice, PathBuf) {
        let diary = folder.join("diary");
        let script = format!(
            "read -r words; echo \"begin $words\" >> '{0}'; sleep 0.2; echo \"end $words\" >> '{0}'",
            diary.display()
        );
        let script: &'static str = Box::leak(script.into_boxed_str());
        let arguments: &'static [&'static str] = Vec::leak(vec!["-c", script]);
        (
            Voice {
                program: "sh",
                arguments,
            },
            diary,
        )
    }

    fn lines(diary: &Path, count: usize) -> Vec<String> {
        let until = Instant::now() + PATIENCE;
        loop {
            let text = std::fs::read_to_string(diary).unwrap_or_default();
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            if lines.len() >= count || Instant::now() > until {
                return lines;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn two_calls_in_a_row_are_spoken_one_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let (voice, diary) = recording_voice(folder.path());
        let speaker = Speaker::start(vec![voice]).unwrap();
        speaker.announced(1, "Mời số một");
        speaker.announced(2, "Mời số hai");

        speaker.answered(1, false);
        speaker.answered(2, false);

        assert_eq!(
            lines(&diary, 4),
            [
                "begin Mời số một",
                "end Mời số một",
                "begin Mời số hai",
                "end Mời số hai"
            ]
        );
    }

    #[test]
    fn a_call_the_page_spoke_itself_is_not_said_again() {
        let folder = tempfile::tempdir().unwrap();
        let (voice, diary) = recording_voice(folder.path());
        let speaker = Speaker::start(vec![voice]).unwrap();
        speaker.announced(1, "Mời số một");
        speaker.announced(2, "Mời số hai");

        speaker.answered(1, true);
        speaker.answered(1, false);
        speaker.answered(9, false);
        speaker.answered(2, false);

        assert_eq!(lines(&diary, 2), ["begin Mời số hai", "end Mời số hai"]);
    }

    #[test]
    fn a_machine_without_the_first_program_uses_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let (voice, diary) = recording_voice(folder.path());
        let missing = Voice {
            program: "no-such-voice-on-any-machine",
            arguments: &[],
        };
        assert!(speak(&[missing.clone(), voice], "Mời số ba"));
        assert_eq!(lines(&diary, 2).len(), 2);
        assert!(!speak(&[missing], "Mời số ba"));
    }

    #[test]
    fn a_voice_that_hangs_is_ended() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let error = wait_at_most(&mut child, Duration::from_millis(100)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(
            child.try_wait().unwrap().is_some(),
            "the process was collected"
        );
    }
}

"""Speech synthesis in a page that has no voices: what it is given to say is written down."""

from __future__ import annotations

# An init script: a device with a Vietnamese voice, which writes down what it is given to say.
SPEECH_RECORDER_SCRIPT = """
window.spoken = []
window.utterances = []
window.SpeechSynthesisUtterance = function (text) { this.text = text }
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [{ lang: "en-US" }, { lang: "vi-VN" }],
  speak: (utterance) => { window.spoken.push(utterance.text); window.utterances.push(utterance) },
  cancel: () => { window.silenced = true },
} })
"""

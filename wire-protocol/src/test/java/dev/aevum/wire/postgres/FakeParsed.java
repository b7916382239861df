package dev.aevum.wire.postgres;

import dev.aevum.engine.api.Session;

/// A statement of [FakeDatabase]: its first word decides.
record FakeParsed(String text, String word, int position) implements Session.Parsed {
  String argument() {
    return text.substring(Math.min(text.length(), word.length())).strip();
  }

  @Override
  public boolean endsFailedBlock() {
    return word.equals("COMMIT") || word.equals("ROLLBACK");
  }
}

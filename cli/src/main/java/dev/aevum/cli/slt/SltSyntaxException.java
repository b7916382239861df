package dev.aevum.cli.slt;

import java.nio.file.Path;

/// A file that is no sqllogictest file.
public final class SltSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SltSyntaxException(Path file, int line, String message) {
    super(file + ":" + line + ": " + message);
  }
}

package dev.aevum.wire.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The extended query protocol against scripts: what PostgreSQL 15 answers.
final class ExtendedQueryTest {
  private ServerFixture fixture;
  private WireClient client;

  @BeforeEach
  void start() {
    fixture = new ServerFixture();
    client = fixture.connect();
  }

  @AfterEach
  void stop() {
    client.close();
    fixture.close();
  }

  @Test
  void preparesBindsDescribesExecutes() {
    client
        .parse("s", "ECHO integer,text")
        .describe('S', "s")
        .bind("", "s", List.of("42", "é"))
        .describe('P', "")
        .execute("", 0)
        .sync();
    assertThat(client.untilReady())
        .containsExactly(
            "1",
            "t 23 25",
            "T p1(0.0 23 4 -1 0) p2(0.0 25 -1 -1 0)",
            "2",
            "T p1(0.0 23 4 -1 0) p2(0.0 25 -1 -1 0)",
            "D 42|é",
            "C SELECT 1",
            "Z I");
  }

  @Test
  void describesAStatementWithoutRowsOrParameters() {
    client.parse("", "PUT x").describe('S', "").bind("", "", List.of()).describe('P', "").sync();
    assertThat(client.untilReady()).containsExactly("1", "t", "n", "2", "n", "Z I");
  }

  @Test
  void cursorsOfTheSessionAreDescribedAsPortals() {
    client.describe('P', "declared").sync();
    assertThat(client.untilReady()).containsExactly("T id(0.0 20 8 -1 0)", "Z I");
    client.describe('P', "nope").sync();
    assertThat(client.untilReady())
        .containsExactly("E S=ERROR C=34000 M=portal \"nope\" does not exist", "Z I");
  }

  @Test
  void anErrorSkipsToSync() {
    client.parse("", "FAIL").bind("", "", List.of()).execute("", 0);
    client.parse("x", "GET").query("GET").describe('S', "x").sync();
    assertThat(client.untilReady())
        .containsExactly(
            "1", "2", "E S=ERROR C=22012 M=division by zero D=The detail. H=The hint. P=1", "Z I");
    client.describe('S', "x").sync();
    assertThat(client.untilReady())
        .containsExactly("E S=ERROR C=26000 M=prepared statement \"x\" does not exist", "Z I");
  }

  @Test
  void rowLimitsSuspend() {
    client.query("BEGIN");
    client.untilReady();
    client
        .parse("", "ROWS 5")
        .bind("p", "", List.of())
        .execute("p", 2)
        .execute("p", 2)
        .execute("p", 2)
        .execute("p", 2)
        .sync();
    assertThat(client.untilReady())
        .containsExactly(
            "1",
            "2",
            "D 1|1|row number 1",
            "D 2|4|row number 2",
            "s",
            "D 3|9|~",
            "D 4|16|row number 4",
            "s",
            "D 5|25|row number 5",
            "C SELECT 1",
            "C SELECT 0",
            "Z T");
  }

  @Test
  void aRowLimitOfExactlyTheRowsLeftSuspends() {
    client.parse("", "ROWS 2").bind("p", "", List.of()).execute("p", 2).execute("p", 2).sync();
    assertThat(client.untilReady())
        .containsExactly(
            "1", "2", "D 1|1|row number 1", "D 2|4|row number 2", "s", "C SELECT 0", "Z I");
  }

  @Test
  void syncOutsideABlockCommitsAndClosesPortals() {
    client
        .parse("", "PUT a")
        .bind("", "", List.of())
        .execute("", 0)
        .parse("r", "ROWS 3")
        .bind("p", "r", List.of())
        .execute("p", 1)
        .sync();
    assertThat(client.untilReady()).endsWith("D 1|1|row number 1", "s", "Z I");
    assertThat(fixture.database.committed).containsExactly("a");
    client.execute("p", 1).sync();
    assertThat(client.untilReady())
        .containsExactly("E S=ERROR C=34000 M=portal \"p\" does not exist", "Z I");
  }

  @Test
  void portalsSurviveSyncInABlockUntilItsEnd() {
    client.query("BEGIN");
    client.untilReady();
    client
        .parse("r", "ROWS 3")
        .bind("p", "r", List.of())
        .execute("p", 1)
        .sync()
        .execute("p", 1)
        .sync();
    client.untilReady();
    assertThat(client.untilReady()).containsExactly("D 2|4|row number 2", "s", "Z T");
    client.parse("", "COMMIT").bind("", "", List.of()).execute("", 0).execute("p", 1).sync();
    assertThat(client.untilReady())
        .containsExactly(
            "1", "2", "C COMMIT", "E S=ERROR C=34000 M=portal \"p\" does not exist", "Z I");
  }

  @Test
  void twoGroupsAreTwoTransactions() {
    client
        .parse("", "PUT a")
        .bind("", "", List.of())
        .execute("", 0)
        .parse("", "FAIL")
        .bind("", "", List.of())
        .execute("", 0)
        .sync();
    client.parse("", "PUT b").bind("", "", List.of()).execute("", 0).sync();
    assertThat(client.untilReady()).last().isEqualTo("Z I");
    assertThat(client.untilReady()).containsExactly("1", "2", "C INSERT 0 1", "Z I");
    assertThat(fixture.database.committed).containsExactly("b");
  }

  @Test
  void names() {
    client.parse("s", "GET").parse("s", "GET").sync();
    assertThat(client.untilReady())
        .containsExactly("1", "E S=ERROR C=42P05 M=prepared statement \"s\" already exists", "Z I");
    client.parse("", "GET").parse("", "GET").sync();
    assertThat(client.untilReady()).containsExactly("1", "1", "Z I");
    client.query("BEGIN");
    client.untilReady();
    client.bind("p", "s", List.of()).bind("p", "s", List.of()).sync();
    assertThat(client.untilReady())
        .containsExactly("2", "E S=ERROR C=42P03 M=cursor \"p\" already exists", "Z E");
    client.query("ROLLBACK");
    client.untilReady();
    client.bind("", "none", List.of()).sync();
    assertThat(client.untilReady())
        .containsExactly("E S=ERROR C=26000 M=prepared statement \"none\" does not exist", "Z I");
    client.close('S', "none").close('P', "none").sync();
    assertThat(client.untilReady()).containsExactly("3", "3", "Z I");
    client.close('S', "s").bind("", "s", List.of()).sync();
    assertThat(client.untilReady())
        .containsExactly("3", "E S=ERROR C=26000 M=prepared statement \"s\" does not exist", "Z I");
  }

  @Test
  void aSimpleQueryDropsTheUnnamedStatement() {
    client.parse("", "GET").sync().query("GET").bind("", "", List.of()).sync();
    client.untilReady();
    client.untilReady();
    assertThat(client.untilReady())
        .containsExactly("E S=ERROR C=26000 M=unnamed prepared statement does not exist", "Z I");
  }

  @Test
  void oneStatementAParse() {
    client.parse("", "GET; GET").sync();
    assertThat(client.untilReady())
        .containsExactly(
            "E S=ERROR C=42601 M=cannot insert multiple commands into a prepared statement", "Z I");
  }

  @Test
  void theEmptyStatement() {
    client
        .parse("", "")
        .describe('S', "")
        .bind("", "", List.of())
        .describe('P', "")
        .execute("", 0)
        .sync();
    assertThat(client.untilReady()).containsExactly("1", "t", "n", "2", "n", "I", "Z I");
  }

  @Test
  void countsOfFormatsAndParameters() {
    client.parse("s", "ECHO integer,text").bind("", "s", List.of("1")).sync();
    assertThat(client.untilReady())
        .containsExactly(
            "1",
            "E S=ERROR C=08P01 M=bind message supplies 1 parameters, but prepared statement \"s\" requires 2",
            "Z I");
    client.parse("r", "ROWS 1").bind("", "r", List.of(), 0, 0).sync();
    assertThat(client.untilReady())
        .containsExactly(
            "1",
            "E S=ERROR C=08P01 M=bind message has 2 result formats but query has 3 columns",
            "Z I");
    client.bind("", "r", List.of(), 7).sync();
    assertThat(client.untilReady())
        .containsExactly("E S=ERROR C=22023 M=unsupported format code: 7", "Z I");
    client
        .send(
            'B',
            new WireClient.Body()
                .text("")
                .text("s")
                .int16(3)
                .int16(0)
                .int16(0)
                .int16(0)
                .int16(2)
                .int32(-1)
                .int32(-1)
                .int16(0))
        .sync();
    assertThat(client.untilReady())
        .containsExactly(
            "E S=ERROR C=08P01 M=bind message has 3 parameter formats but 2 parameters", "Z I");
    client.parse("c", "ECHO record").bind("", "c", List.of("(1,2)"), 1).sync();
    assertThat(client.untilReady().getFirst()).isEqualTo("1");
  }

  @Test
  void flushSendsWithoutReady() {
    client.parse("", "ROWS 1").flush();
    assertThat(client.next()).isEqualTo("1");
    client.describe('S', "").flush();
    assertThat(client.next(2))
        .containsExactly(
            "t", "T n(16384.1 23 4 -1 0) square(0.0 20 8 -1 0) name(16384.3 1043 -1 24 0)");
    client.sync();
    assertThat(client.untilReady()).containsExactly("Z I");
  }

  @Test
  void inAFailedBlockOnlyItsEndRuns() {
    client.query("BEGIN");
    client.untilReady();
    client.parse("g", "GET").bind("p", "g", List.of()).parse("c", "COMMIT").sync();
    client.untilReady();
    client.query("FAIL");
    assertThat(client.untilReady()).last().isEqualTo("Z E");
    String aborted =
        "E S=ERROR C=25P02 M=current transaction is aborted, commands ignored until end of transaction block";
    client
        .parse("", "GET")
        .sync()
        .bind("", "g", List.of())
        .sync()
        .describe('S', "g")
        .sync()
        .execute("p", 0)
        .sync();
    for (int i = 0; i < 4; i++) {
      assertThat(client.untilReady()).containsExactly(aborted, "Z E");
    }
    client.bind("", "c", List.of()).execute("", 0).sync();
    assertThat(client.untilReady()).containsExactly("2", "C ROLLBACK", "Z I");
  }

  @Test
  void aFailedCommitIsTheErrorOfSync() {
    client.parse("", "FAIL COMMIT").bind("", "", List.of()).execute("", 0).sync();
    assertThat(client.untilReady())
        .containsExactly(
            "1", "2", "C FAIL", "E S=ERROR C=40001 M=could not serialize access", "Z I");
  }

  @Test
  void badTextIsRefused() {
    client.parse("", "ECHO text").sync();
    client.untilReady();
    client
        .send(
            'B',
            new WireClient.Body()
                .text("")
                .text("")
                .int16(0)
                .int16(1)
                .int32(2)
                .raw((byte) 'a', (byte) 0)
                .int16(0))
        .sync();
    assertThat(client.untilReady())
        .containsExactly(
            "E S=ERROR C=22021 M=invalid byte sequence for encoding \"UTF8\": 0x00", "Z I");
    client
        .send(
            'B',
            new WireClient.Body()
                .text("")
                .text("")
                .int16(0)
                .int16(1)
                .int32(2)
                .raw((byte) 0xc3, (byte) 0x28)
                .int16(0))
        .sync();
    assertThat(client.untilReady())
        .containsExactly(
            "E S=ERROR C=22021 M=invalid byte sequence for encoding \"UTF8\": 0xc3 0x28", "Z I");
  }

  @Test
  void deallocateForgetsAStatementOfTheProtocol() {
    client.parse("s", "GET").sync().query("DEALLOCATE s").query("DEALLOCATE s");
    client.untilReady();
    assertThat(client.untilReady()).containsExactly("C DEALLOCATE", "Z I");
    assertThat(client.untilReady().getFirst())
        .isEqualTo("E S=ERROR C=26000 M=prepared statement \"s\" does not exist");
  }

  @Test
  void deallocateAllForgetsStatements() {
    client.parse("s", "GET").sync().query("DEALLOCATE ALL").bind("", "s", List.of()).sync();
    client.untilReady();
    client.untilReady();
    assertThat(client.untilReady().getFirst()).startsWith("E S=ERROR C=26000");
  }
}

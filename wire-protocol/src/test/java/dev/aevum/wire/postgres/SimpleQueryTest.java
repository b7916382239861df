package dev.aevum.wire.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The simple query protocol and COPY against scripts: what PostgreSQL 15 answers.
final class SimpleQueryTest {
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

  private List<String> query(String sql) {
    return client.query(sql).untilReady();
  }

  @Test
  void emptyQueries() {
    assertThat(query("")).containsExactly("I", "Z I");
    assertThat(query(" ; ;")).containsExactly("I", "Z I");
  }

  @Test
  void rows() {
    assertThat(query("ROWS 2"))
        .containsExactly(
            "T n(16384.1 23 4 -1 0) square(0.0 20 8 -1 0) name(16384.3 1043 -1 24 0)",
            "D 1|1|row number 1",
            "D 2|4|row number 2",
            "C SELECT 2",
            "Z I");
    assertThat(query("ROWS 25000"))
        .hasSize(25_003)
        .contains("D 24999|624950001|~")
        .endsWith("C SELECT 25000", "Z I");
  }

  @Test
  void allStatementsOfAMessageAreRolledBackTogether() {
    assertThat(query("PUT a; PUT b; FAIL; PUT c"))
        .containsExactly(
            "C INSERT 0 1",
            "C INSERT 0 1",
            "E S=ERROR C=22012 M=division by zero D=The detail. H=The hint. P=15",
            "Z I");
    assertThat(fixture.database.committed).isEmpty();
    assertThat(query("PUT a; PUT b")).containsExactly("C INSERT 0 1", "C INSERT 0 1", "Z I");
    assertThat(fixture.database.committed).containsExactly("a", "b");
  }

  @Test
  void aStatementIsCompleteOnlyAfterItsCommit() {
    assertThat(query("PUT a; FAIL COMMIT"))
        .containsExactly("C INSERT 0 1", "E S=ERROR C=40001 M=could not serialize access", "Z I");
    assertThat(fixture.database.committed).isEmpty();
  }

  @Test
  void syntaxErrorsHaveTheirPlace() {
    assertThat(query("PUT a; nonsense"))
        .containsExactly("E S=ERROR C=42601 M=syntax error at or near \"NONSENSE\" P=8", "Z I");
    assertThat(fixture.database.committed).isEmpty();
  }

  @Test
  void blocks() {
    assertThat(query("BEGIN")).containsExactly("C BEGIN", "Z T");
    assertThat(query("BEGIN"))
        .containsExactly(
            "N S=WARNING C=25001 M=there is already a transaction in progress", "C BEGIN", "Z T");
    query("PUT a");
    assertThat(query("FAIL").getLast()).isEqualTo("Z E");
    String aborted =
        "E S=ERROR C=25P02 M=current transaction is aborted, commands ignored until end of transaction block";
    assertThat(query("GET")).containsExactly(aborted, "Z E");
    assertThat(query("")).containsExactly("I", "Z E");
    assertThat(query("COMMIT")).containsExactly("C ROLLBACK", "Z I");
    assertThat(query("COMMIT"))
        .containsExactly(
            "N S=WARNING C=25P01 M=there is no transaction in progress", "C COMMIT", "Z I");
    assertThat(fixture.database.committed).isEmpty();
  }

  @Test
  void settingsAreReportedWhenTheyChange() {
    assertThat(query("SET TimeZone Europe/Paris"))
        .containsExactly("C SET", "S TimeZone=Europe/Paris", "Z I");
    assertThat(query("SET TimeZone Europe/Paris")).containsExactly("C SET", "Z I");
  }

  @Test
  void noticesComeBeforeTheTag() {
    assertThat(query("WARN"))
        .containsExactly(
            "N S=NOTICE C=00000 M=take care D=The detail. H=The hint.", "C WARN", "Z I");
  }

  @Test
  void defectsAreSentAsIncidentsOnly() {
    List<String> replies = query("BUG");
    assertThat(replies.getFirst())
        .startsWith("E S=ERROR C=XX000 M=internal error, incident ")
        .doesNotContain("secret", "Exception");
    assertThat(query("GET")).endsWith("C SELECT 0", "Z I");
  }

  @Test
  void badTextIsRefused() {
    client.send('Q', new WireClient.Body().raw((byte) 'G', (byte) 0xff, (byte) 0));
    assertThat(client.untilReady())
        .containsExactly(
            "E S=ERROR C=22021 M=invalid byte sequence for encoding \"UTF8\": 0xff", "Z I");
    client.send('Q', new WireClient.Body().raw((byte) 'G'));
    assertThat(client.untilReady())
        .containsExactly("E S=ERROR C=08P01 M=invalid string in message", "Z I");
    client.send('Q', new WireClient.Body().text("GET").int8(0));
    assertThat(client.untilReady())
        .containsExactly("E S=ERROR C=08P01 M=invalid message format", "Z I");
  }

  @Test
  void functionCallsAreRefused() {
    client.send('F', new WireClient.Body().int32(1598).int16(0).int16(0).int16(0));
    assertThat(client.untilReady())
        .containsExactly("E S=ERROR C=0A000 M=the function call protocol is not supported", "Z I");
  }

  @Test
  void copyOut() {
    assertThat(query("COPY OUT 2"))
        .containsExactly("H 0 1", "d line 1", "d line 2", "c", "C COPY 2", "Z I");
    assertThat(query("COPY OUT 0")).containsExactly("H 0 1", "c", "C COPY 0", "Z I");
  }

  @Test
  void copyIn() {
    client.query("COPY IN");
    assertThat(client.next()).isEqualTo("G 0 1");
    client
        .send('d', new WireClient.Body().raw("1\n2".getBytes()))
        .flush()
        .sync()
        .send('d', new WireClient.Body().raw("3\n".getBytes()));
    client.send('c', new WireClient.Body());
    assertThat(client.untilReady()).containsExactly("C COPY 2", "Z I");
    assertThat(fixture.database.committed).containsExactly("1", "23");
  }

  @Test
  void aBadCopyRowFailsAndTheRestIsIgnored() {
    client.query("COPY IN");
    assertThat(client.next()).isEqualTo("G 0 1");
    client
        .send('d', new WireClient.Body().raw("1\nbad\n".getBytes()))
        .send('d', new WireClient.Body().raw("3\n".getBytes()));
    client.send('c', new WireClient.Body());
    assertThat(client.untilReady())
        .containsExactly(
            "E S=ERROR C=22P02 M=invalid input syntax for type integer: \"bad\"", "Z I");
    assertThat(query("GET")).endsWith("C SELECT 0", "Z I");
  }

  @Test
  void theClientGivesUpACopy() {
    client.query("COPY IN");
    client.next();
    client.send('f', new WireClient.Body().text("no more"));
    assertThat(client.untilReady())
        .containsExactly("E S=ERROR C=57014 M=COPY from stdin failed: no more", "Z I");
    client.query("COPY IN");
    client.next();
    client.query("GET");
    assertThat(client.until('Z'))
        .containsExactly(
            "E S=ERROR C=08P01 M=unexpected message type 0x51 during COPY from stdin",
            "E S=FATAL C=08P01 M=terminating connection because protocol synchronization was lost",
            "closed");
  }

  @Test
  void copyInByTheExtendedProtocol() {
    client.parse("", "COPY IN").bind("", "", List.of()).execute("", 0).flush();
    assertThat(client.next(3)).containsExactly("1", "2", "G 0 1");
    client
        .send('d', new WireClient.Body().raw("1\n".getBytes()))
        .send('c', new WireClient.Body())
        .sync();
    assertThat(client.untilReady()).containsExactly("C COPY 1", "Z I");
    client.parse("", "COPY IN").bind("", "", List.of()).execute("", 0).flush();
    client.next(3);
    client
        .send('d', new WireClient.Body().raw("bad\n".getBytes()))
        .send('c', new WireClient.Body())
        .query("GET")
        .sync();
    assertThat(client.untilReady())
        .containsExactly(
            "E S=ERROR C=22P02 M=invalid input syntax for type integer: \"bad\"", "Z I");
  }
}

package dev.aevum.engine.catalog;

import dev.aevum.engine.catalog.CatalogObject.Identity;
import dev.aevum.engine.catalog.CatalogObject.LogicalViewObject;
import dev.aevum.engine.catalog.CatalogObject.MaterializedViewObject;
import dev.aevum.engine.catalog.CatalogObject.SinkObject;
import dev.aevum.engine.catalog.CatalogObject.StreamObject;
import dev.aevum.engine.catalog.CatalogObject.TableObject;
import dev.aevum.model.batch.Field;
import dev.aevum.model.error.ErrorCode;
import dev.aevum.model.error.SqlException;
import dev.aevum.model.type.ArrayType;
import dev.aevum.model.type.CharType;
import dev.aevum.model.type.CompositeType;
import dev.aevum.model.type.DecimalType;
import dev.aevum.model.type.SimpleType;
import dev.aevum.model.type.SqlType;
import dev.aevum.model.type.VarcharType;
import dev.aevum.planner.plan.ModelSpec;
import dev.aevum.planner.plan.function.LearningSignature.Task;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// [CatalogChange]s as bytes: `[version u8 = 1][kind u8][fields]`; strings are int32 length and
/// UTF-8, maps sorted by key. Objects of kinds 3 and 5 are views and sinks without a failure, those
/// of kind 7 sinks without their first step, as earlier versions wrote them; kind 9 is a model.
public final class CatalogCodec {
  private static final int VERSION = 1;

  private CatalogCodec() {}

  public static byte[] encode(CatalogChange change) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      switch (change) {
        case CatalogChange.Put put -> {
          out.writeByte(1);
          writeObject(out, put.object());
        }
        case CatalogChange.Remove remove -> {
          out.writeByte(2);
          out.writeInt(remove.oid());
        }
        case CatalogChange.CreateSchema create -> {
          out.writeByte(3);
          writeText(out, create.name());
        }
        case CatalogChange.DropSchema drop -> {
          out.writeByte(4);
          writeText(out, drop.name());
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  public static CatalogChange decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw corrupt("catalog record of version " + version);
      }
      int kind = in.readUnsignedByte();
      return switch (kind) {
        case 1 -> new CatalogChange.Put(readObject(in));
        case 2 -> new CatalogChange.Remove(in.readInt());
        case 3 -> new CatalogChange.CreateSchema(readText(in));
        case 4 -> new CatalogChange.DropSchema(readText(in));
        default -> throw corrupt("catalog record of kind " + kind);
      };
    } catch (IOException e) {
      throw corrupt("catalog record cut short");
    }
  }

  private static SqlException corrupt(String message) {
    return new SqlException(ErrorCode.DATA_CORRUPTED, message);
  }

  private static void writeObject(DataOutputStream out, CatalogObject object) throws IOException {
    Identity id = object.identity();
    out.writeInt(id.oid());
    writeText(out, id.schema());
    writeText(out, id.name());
    writeText(out, id.owner());
    writeText(out, id.definition());
    writeOptional(out, id.comment());
    switch (object) {
      case StreamObject s -> {
        out.writeByte(1);
        writeColumns(out, s.columns());
        writeOptional(out, s.connector());
        writeMap(out, s.options());
        out.writeInt(s.watermarkColumn());
        writeOptional(out, s.watermarkSql());
        out.writeLong(s.retentionMicros());
      }
      case TableObject t -> {
        out.writeByte(2);
        writeColumns(out, t.columns());
        writeInts(out, t.primaryKey());
        out.writeBoolean(t.appendOnly());
      }
      case MaterializedViewObject v -> {
        out.writeByte(v.model() == null ? 6 : 9);
        writeColumns(out, v.columns());
        writeInts(out, v.key());
        out.writeBoolean(v.appendOnly());
        writeText(out, v.queryText());
        writeMap(out, v.options());
        out.writeInt(v.lateTable());
        writeInts(out, v.inputs());
        writeText(out, v.fingerprint());
        writeOptional(out, v.failure());
        if (v.model() != null) {
          writeModel(out, v.model());
        }
      }
      case LogicalViewObject v -> {
        out.writeByte(4);
        writeColumns(out, v.columns());
        writeText(out, v.queryText());
        writeInts(out, v.inputs());
      }
      case SinkObject s -> {
        out.writeByte(8);
        out.writeInt(s.from());
        writeOptional(out, s.queryText());
        writeText(out, s.connector());
        writeMap(out, s.options());
        writeInts(out, s.inputs());
        writeText(out, s.fingerprint());
        writeOptional(out, s.failure());
        out.writeLong(s.startStep());
      }
    }
  }

  private static CatalogObject readObject(DataInputStream in) throws IOException {
    Identity id =
        new Identity(
            in.readInt(), readText(in), readText(in), readText(in), readText(in), readOptional(in));
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case 1 ->
          new StreamObject(
              id,
              readColumns(in),
              readOptional(in),
              readMap(in),
              in.readInt(),
              readOptional(in),
              in.readLong());
      case 2 -> new TableObject(id, readColumns(in), readInts(in), in.readBoolean());
      case 3, 6, 9 ->
          new MaterializedViewObject(
              id,
              readColumns(in),
              readInts(in),
              in.readBoolean(),
              readText(in),
              readMap(in),
              in.readInt(),
              readInts(in),
              readText(in),
              kind == 3 ? null : readOptional(in),
              kind == 9 ? readModel(in) : null);
      case 4 -> new LogicalViewObject(id, readColumns(in), readText(in), readInts(in));
      case 5, 7, 8 ->
          new SinkObject(
              id,
              in.readInt(),
              readOptional(in),
              readText(in),
              readMap(in),
              readInts(in),
              readText(in),
              kind == 5 ? null : readOptional(in),
              kind == 8 ? in.readLong() : 0);
      default -> throw corrupt("catalog object of kind " + kind);
    };
  }

  /// Tasks by their place: new ones go to the end.
  @SuppressWarnings("EnumOrdinal")
  private static void writeModel(DataOutputStream out, ModelSpec model) throws IOException {
    writeText(out, model.algorithm());
    out.writeByte(model.task().ordinal());
    writeMap(out, model.options());
    writeFields(out, model.target() == null ? List.of() : List.of(model.target()));
    writeFields(out, model.partition());
    writeFields(out, model.features());
  }

  @SuppressWarnings("EnumOrdinal")
  private static ModelSpec readModel(DataInputStream in) throws IOException {
    String algorithm = readText(in);
    int task = in.readUnsignedByte();
    if (task >= Task.values().length) {
      throw corrupt("model of task " + task);
    }
    Map<String, String> options = readMap(in);
    List<Field> target = readFields(in);
    return new ModelSpec(
        algorithm,
        Task.values()[task],
        options,
        target.isEmpty() ? null : target.getFirst(),
        readFields(in),
        readFields(in));
  }

  private static void writeFields(DataOutputStream out, List<Field> fields) throws IOException {
    out.writeInt(fields.size());
    for (Field f : fields) {
      writeText(out, f.name());
      writeType(out, f.type());
      out.writeBoolean(f.nullable());
    }
  }

  private static List<Field> readFields(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<Field> fields = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      fields.add(new Field(readText(in), readType(in), in.readBoolean()));
    }
    return fields;
  }

  private static void writeColumns(DataOutputStream out, List<ColumnInfo> columns)
      throws IOException {
    out.writeInt(columns.size());
    for (ColumnInfo c : columns) {
      writeText(out, c.name());
      writeType(out, c.type());
      out.writeBoolean(c.notNull());
      writeOptional(out, c.defaultSql());
      out.writeBoolean(c.hidden());
      writeOptional(out, c.comment());
    }
  }

  private static List<ColumnInfo> readColumns(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<ColumnInfo> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      columns.add(
          new ColumnInfo(
              readText(in),
              readType(in),
              in.readBoolean(),
              readOptional(in),
              in.readBoolean(),
              readOptional(in)));
    }
    return columns;
  }

  private static void writeType(DataOutputStream out, SqlType type) throws IOException {
    switch (type) {
      case SimpleType s -> {
        out.writeByte(1);
        writeText(out, s.name());
      }
      case DecimalType d -> {
        out.writeByte(2);
        out.writeInt(d.precision());
        out.writeInt(d.scale());
      }
      case VarcharType v -> {
        out.writeByte(3);
        out.writeInt(v.maxLength());
      }
      case CharType c -> {
        out.writeByte(4);
        out.writeInt(c.characters());
      }
      case ArrayType a -> {
        out.writeByte(5);
        writeType(out, a.element());
      }
      case CompositeType c -> {
        out.writeByte(6);
        writeText(out, c.name());
        out.writeInt(c.attributes().size());
        for (CompositeType.Attribute attribute : c.attributes()) {
          writeText(out, attribute.name());
          writeType(out, attribute.type());
        }
      }
    }
  }

  private static SqlType readType(DataInputStream in) throws IOException {
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case 1 -> SimpleType.valueOf(readText(in));
      case 2 -> new DecimalType(in.readInt(), in.readInt());
      case 3 -> new VarcharType(in.readInt());
      case 4 -> new CharType(in.readInt());
      case 5 -> new ArrayType(readType(in));
      case 6 -> {
        String name = readText(in);
        int count = in.readInt();
        List<CompositeType.Attribute> attributes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          attributes.add(new CompositeType.Attribute(readText(in), readType(in)));
        }
        yield new CompositeType(name, attributes);
      }
      default -> throw corrupt("type of kind " + kind);
    };
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw corrupt("text of " + length + " bytes in a catalog record");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static void writeOptional(DataOutputStream out, @Nullable String text)
      throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      writeText(out, text);
    }
  }

  private static @Nullable String readOptional(DataInputStream in) throws IOException {
    return in.readBoolean() ? readText(in) : null;
  }

  private static void writeInts(DataOutputStream out, List<Integer> values) throws IOException {
    out.writeInt(values.size());
    for (int v : values) {
      out.writeInt(v);
    }
  }

  private static List<Integer> readInts(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<Integer> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(in.readInt());
    }
    return values;
  }

  private static void writeMap(DataOutputStream out, Map<String, String> map) throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, String> e : new TreeMap<>(map).entrySet()) {
      writeText(out, e.getKey());
      writeText(out, e.getValue());
    }
  }

  private static Map<String, String> readMap(DataInputStream in) throws IOException {
    int count = in.readInt();
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      map.put(readText(in), readText(in));
    }
    return map;
  }
}

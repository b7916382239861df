package dev.aevum.testing.law;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.atomic.AtomicInteger;

/// The product's classes anew, one of them with a bug: the n-th branch of a method goes the other
/// way, or its n-th comparison takes the equal for less (or for greater), or its n-th addition
/// subtracts (and the other way round). Nothing of the product knows of it.
final class FaultyClassLoader extends URLClassLoader {
  /// One bug. `kind`: `branch`, `boundary` or `operator`; `index`: which one in the method, from 0;
  /// `planned`: in code that only plans of the planner reach.
  record Fault(String className, String method, String kind, int index, boolean planned) {}

  private final Fault fault;
  private boolean planted;

  FaultyClassLoader(URL[] classPath, Fault fault) {
    super(classPath, ClassLoader.getPlatformClassLoader());
    this.fault = fault;
  }

  /// Whether the place of the fault was found.
  boolean planted() {
    return planted;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (!name.equals(fault.className())) {
      return super.findClass(name);
    }
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      byte[] bytes = faulty(java.util.Objects.requireNonNull(in).readAllBytes());
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private byte[] faulty(byte[] original) {
    ClassModel model = ClassFile.of().parse(original);
    AtomicInteger seen = new AtomicInteger();
    CodeTransform code =
        (builder, element) -> {
          if (matches(element) && seen.getAndIncrement() == fault.index()) {
            planted = true;
            if (element instanceof BranchInstruction branch) {
              builder.branch(
                  fault.kind().equals("boundary")
                      ? boundary(branch.opcode())
                      : inverse(branch.opcode()),
                  branch.target());
            } else {
              builder.with(
                  OperatorInstruction.of(inverse(((OperatorInstruction) element).opcode())));
            }
          } else {
            builder.with(element);
          }
        };
    return ClassFile.of()
        .transformClass(
            model,
            ClassTransform.transformingMethodBodies(
                m -> m.methodName().equalsString(fault.method()), code));
  }

  private boolean matches(CodeElement element) {
    return switch (element) {
      case BranchInstruction b ->
          switch (fault.kind()) {
            case "branch" -> b.opcode() != Opcode.GOTO && b.opcode() != Opcode.GOTO_W;
            case "boundary" -> boundary(b.opcode()) != b.opcode();
            default -> false;
          };
      case OperatorInstruction o -> fault.kind().equals("operator") && isAddition(o.opcode());
      default -> false;
    };
  }

  private static boolean isAddition(Opcode opcode) {
    return switch (opcode) {
      case IADD, LADD, DADD, ISUB, LSUB, DSUB -> true;
      default -> false;
    };
  }

  private static Opcode boundary(Opcode opcode) {
    return switch (opcode) {
      case IFLT -> Opcode.IFLE;
      case IFLE -> Opcode.IFLT;
      case IFGT -> Opcode.IFGE;
      case IFGE -> Opcode.IFGT;
      case IF_ICMPLT -> Opcode.IF_ICMPLE;
      case IF_ICMPLE -> Opcode.IF_ICMPLT;
      case IF_ICMPGT -> Opcode.IF_ICMPGE;
      case IF_ICMPGE -> Opcode.IF_ICMPGT;
      default -> opcode;
    };
  }

  private static Opcode inverse(Opcode opcode) {
    return switch (opcode) {
      case IADD -> Opcode.ISUB;
      case LADD -> Opcode.LSUB;
      case DADD -> Opcode.DSUB;
      case ISUB -> Opcode.IADD;
      case LSUB -> Opcode.LADD;
      case DSUB -> Opcode.DADD;
      case IFEQ -> Opcode.IFNE;
      case IFNE -> Opcode.IFEQ;
      case IFLT -> Opcode.IFGE;
      case IFGE -> Opcode.IFLT;
      case IFGT -> Opcode.IFLE;
      case IFLE -> Opcode.IFGT;
      case IF_ICMPEQ -> Opcode.IF_ICMPNE;
      case IF_ICMPNE -> Opcode.IF_ICMPEQ;
      case IF_ICMPLT -> Opcode.IF_ICMPGE;
      case IF_ICMPGE -> Opcode.IF_ICMPLT;
      case IF_ICMPGT -> Opcode.IF_ICMPLE;
      case IF_ICMPLE -> Opcode.IF_ICMPGT;
      case IF_ACMPEQ -> Opcode.IF_ACMPNE;
      case IF_ACMPNE -> Opcode.IF_ACMPEQ;
      case IFNULL -> Opcode.IFNONNULL;
      case IFNONNULL -> Opcode.IFNULL;
      default -> throw new IllegalArgumentException(opcode.name());
    };
  }
}

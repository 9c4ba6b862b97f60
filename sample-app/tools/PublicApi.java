import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.codehaus.mojo.animal_sniffer.Clazz;
import org.codehaus.mojo.animal_sniffer.SignatureObjectInputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Sees that compiled classes use nothing of Android and Java but its public API.
 *
 * <p>The build compiles against the whole framework, in which a hidden method looks like
 * any other. What is public is read from signatures that others made from the SDK's own
 * android.jar, for the target level and for the lowest level. Every class, method and
 * field that the code names is looked up, also through our own superclasses: javac writes
 * {@code this.hidden()} as a call of our class.
 *
 * <p>What the lowest level lacks may be used only in a method that reads
 * {@code Build.VERSION.SDK_INT} itself or that the list of exceptions names, and in classes
 * whose name ends with Api and a level, such as CallApi34. Who uses one of those must ask for
 * the level in turn.
 *
 * <pre>java PublicApi.java TARGET.signature LOWEST.signature EXCEPTIONS CLASSES...</pre>
 *
 * Prints a line for each finding and exits with 1 when there is one.
 */
final class PublicApi {
    /** One use of a member ("name(desc)ret" or "name#desc") or, with null, of a class. */
    record Use(String where, String owner, String member) {
        String what() {
            return owner.replace('/', '.') + (member == null ? "" : "." + member);
        }
    }

    private final Map<String, Clazz> own = new HashMap<>();
    private final List<Use> uses = new ArrayList<>();
    private final Set<String> askLevel = new HashSet<>();

    public static void main(String[] args) throws Exception {
        Map<String, Clazz> target = read(args[0]);
        Map<String, Clazz> lowest = read(args[1]);
        Set<String> exceptions = new HashSet<>();
        for (String line : Files.readAllLines(Path.of(args[2]))) {
            String[] words = line.strip().split("\\s+");
            if (!words[0].isEmpty() && !words[0].startsWith("#")) {
                exceptions.add(words[0]);
            }
        }
        PublicApi code = new PublicApi();
        int classes = 0;
        for (int i = 3; i < args.length; i++) {
            try (Stream<Path> files = Files.walk(Path.of(args[i]))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".class")).collect(Collectors.toList())) {
                    code.scan(Files.readAllBytes(file));
                    classes++;
                }
            }
        }
        if (classes == 0 || code.uses.isEmpty()) {
            throw new IOException("no class that uses anything in " + String.join(" ", args));
        }

        Set<String> findings = new TreeSet<>();
        Set<String> unused = new TreeSet<>(exceptions);
        int newer = 0;
        for (Use use : code.uses) {
            if (!code.knows(target, use)) {
                findings.add("hidden: " + use.where() + " uses " + use.what());
            } else if (!ofLevel(use.where()) && (ofLevel(use.owner()) || !code.knows(lowest, use))) {
                newer++;
                unused.remove(use.where());
                if (!code.askLevel.contains(use.where()) && !exceptions.contains(use.where())) {
                    findings.add("newer than the lowest level: " + use.where() + " uses " + use.what()
                            + " and does not read Build.VERSION.SDK_INT");
                }
            }
        }
        for (String name : unused) {
            findings.add("exception without a use: " + name);
        }
        findings.forEach(System.out::println);
        System.out.printf("%d classes, %d uses, %d of them newer than the lowest level, %d findings%n",
                classes, code.uses.size(), newer, findings.size());
        System.exit(findings.isEmpty() ? 0 : 1);
    }

    /** Whether a class, or a method of one, is of a level by the class's name. */
    private static boolean ofLevel(String name) {
        return name.matches("(.*[./])?\\w*Api\\d+(\\$[\\w$]+)?(\\.[^.]+)?");
    }

    private static Map<String, Clazz> read(String file) throws Exception {
        Map<String, Clazz> classes = new HashMap<>();
        try (InputStream in = Files.newInputStream(Path.of(file));
                SignatureObjectInputStream objects = new SignatureObjectInputStream(new GZIPInputStream(in))) {
            for (Clazz c = (Clazz) objects.readObject(); c != null; c = (Clazz) objects.readObject()) {
                classes.put(c.getName(), c);
            }
        }
        if (!classes.containsKey("android/app/Activity")) {
            throw new IOException(file + " has no android.app.Activity: these are no signatures of Android");
        }
        return classes;
    }

    private boolean knows(Map<String, Clazz> api, Use use) {
        return use.member() == null
                ? own.containsKey(use.owner()) || api.containsKey(use.owner())
                : knows(api, use.owner(), use.member());
    }

    private boolean knows(Map<String, Clazz> api, String owner, String member) {
        Clazz c = own.getOrDefault(owner, api.get(owner));
        if (c == null) {
            return false;
        }
        if (c.getSignatures().contains(member)) {
            return true;
        }
        if (member.startsWith("<")) {
            return false; // a constructor is not inherited
        }
        if (c.getSuperClass() != null && knows(api, c.getSuperClass(), member)) {
            return true;
        }
        for (String name : c.getSuperInterfaces()) {
            if (knows(api, name, member)) {
                return true;
            }
        }
        return false;
    }

    private void scan(byte[] bytes) {
        new ClassReader(bytes).accept(new ClassVisitor(Opcodes.ASM9) {
            private final Set<String> members = new HashSet<>();
            private String name;
            private String parent;
            private String[] interfaces;

            @Override
            public void visit(int version, int access, String name, String generics, String parent, String[] interfaces) {
                this.name = name;
                this.parent = parent;
                this.interfaces = interfaces;
                type(name, parent);
                for (String i : interfaces) {
                    type(name, i);
                }
            }

            @Override
            public FieldVisitor visitField(int access, String field, String desc, String generics, Object value) {
                members.add(field + "#" + desc);
                types(name, Type.getType(desc));
                return null;
            }

            @Override
            public MethodVisitor visitMethod(int access, String method, String desc, String generics, String[] thrown) {
                members.add(method + desc);
                return new Code(name + "." + method);
            }

            @Override
            public void visitEnd() {
                own.put(name, new Clazz(name, members, parent, interfaces));
            }
        }, 0);
    }

    private void type(String where, String internal) {
        types(where, Type.getObjectType(internal));
    }

    private void types(String where, Type t) {
        if (t.getSort() == Type.METHOD) {
            types(where, t.getReturnType());
            for (Type argument : t.getArgumentTypes()) {
                types(where, argument);
            }
            return;
        }
        while (t.getSort() == Type.ARRAY) {
            t = t.getElementType();
        }
        if (t.getSort() == Type.OBJECT) {
            uses.add(new Use(where.replace('/', '.'), t.getInternalName(), null));
        }
    }

    /** The instructions of one method. */
    private final class Code extends MethodVisitor {
        private final String where;

        Code(String where) {
            super(Opcodes.ASM9);
            this.where = where;
        }

        @Override
        public void visitFieldInsn(int op, String owner, String field, String desc) {
            if (owner.equals("android/os/Build$VERSION") && field.equals("SDK_INT")) {
                askLevel.add(where.replace('/', '.'));
            }
            member(owner, field + "#" + desc, desc);
        }

        @Override
        public void visitMethodInsn(int op, String owner, String method, String desc, boolean inInterface) {
            member(owner, method + desc, desc);
        }

        private void member(String owner, String member, String desc) {
            types(where, Type.getType(desc));
            type(where, owner);
            if (!owner.startsWith("[")) { // an array's clone() and length
                uses.add(new Use(where.replace('/', '.'), owner, member));
            }
        }

        @Override
        public void visitTypeInsn(int op, String type) {
            type(where, type);
        }

        @Override
        public void visitMultiANewArrayInsn(String desc, int dimensions) {
            types(where, Type.getType(desc));
        }

        @Override
        public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
            if (type != null) {
                type(where, type);
            }
        }

        @Override
        public void visitLdcInsn(Object value) {
            if (value instanceof Type) {
                types(where, (Type) value);
            }
        }

        @Override
        public void visitInvokeDynamicInsn(String method, String desc, Handle bootstrap, Object... arguments) {
            uses.add(new Use(where.replace('/', '.'), bootstrap.getOwner(), bootstrap.getName() + bootstrap.getDesc()));
        }
    }
}

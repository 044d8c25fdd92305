package io.smartdoor.infra;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A CloudFormation template as a tree, its short forms written out: {@code !Ref X} is Ref: X. */
record Template(String name, Path file, JsonNode tree) {

  static Template at(Path file) {
    var name = file.getFileName().toString().replace(".yaml", "");
    var content = new Yaml(new ShortForms()).<Object>load(Repository.read(file));
    return new Template(name, file, JsonMapper.shared().valueToTree(content));
  }

  static Template named(String name) {
    return at(Repository.STACKS.resolve(name + ".yaml"));
  }

  Stream<Resource> resources(String type) {
    return tree.path("Resources").properties().stream()
        .map(it -> new Resource(this, it.getKey(), it.getValue()))
        .filter(it -> it.tree().path("Type").asString().equals(type));
  }

  /** One resource of a template. */
  record Resource(Template template, String id, JsonNode tree) {

    JsonNode property(String name) {
      return tree.path("Properties").path(name);
    }

    @Override
    public String toString() {
      return template.name() + " " + id;
    }
  }

  private static final class ShortForms extends SafeConstructor {

    ShortForms() {
      super(new LoaderOptions());
      yamlMultiConstructors.put("!", new LongForm());
    }

    private final class LongForm extends AbstractConstruct {
      @Override
      public Object construct(Node node) {
        var tag = node.getTag().getValue().substring(1);
        UnaryOperator<Object> argument =
            tag.equals("GetAtt") ? it -> List.of(it.toString().split("\\.", 2)) : it -> it;
        return Map.of(
            tag.equals("Ref") || tag.equals("Condition") ? tag : "Fn::" + tag,
            argument.apply(
                switch (node) {
                  case ScalarNode scalar -> constructScalar(scalar);
                  case SequenceNode sequence -> constructSequence(sequence);
                  case MappingNode mapping -> constructMapping(mapping);
                  default -> throw new IllegalArgumentException("no value: " + node);
                }));
      }
    }
  }
}

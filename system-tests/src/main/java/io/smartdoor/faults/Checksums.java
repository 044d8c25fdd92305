package io.smartdoor.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.zip.CRC32;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The checksums by which the SDK refuses an answer that was damaged on its way. */
final class Checksums {

  /** On every answer of DynamoDB, over the bytes of its body. */
  static final String CRC32 = "x-amz-crc32";

  private static final byte STRING = 1;
  private static final byte BINARY = 2;

  private Checksums() {}

  static String crc32(byte[] bytes) {
    var crc = new CRC32();
    crc.update(bytes);
    return Long.toString(crc.getValue());
  }

  /** ReceiveMessage's answer with the digests that its messages really have. */
  static JsonNode ofMessages(JsonNode answer) {
    var checked = Json.copyOf(answer);
    for (var message : checked.path("Messages")) {
      if (message instanceof ObjectNode it) {
        it.put("MD5OfBody", md5(it.path("Body").stringValue("").getBytes(UTF_8)));
        if (it.path("MessageAttributes").isEmpty()) {
          it.remove("MD5OfMessageAttributes");
        } else {
          it.put("MD5OfMessageAttributes", md5(canonical(it.path("MessageAttributes"))));
        }
      }
    }
    return checked;
  }

  /**
   * The bytes over which SQS takes the digest of a message's attributes:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
   */
  private static byte[] canonical(JsonNode attributes) {
    var bytes = new ByteArrayOutputStream();
    var sorted = new TreeMap<String, JsonNode>();
    attributes.properties().forEach(it -> sorted.put(it.getKey(), it.getValue()));
    sorted.forEach((name, attribute) -> {
      var type = attribute.path("DataType").stringValue("");
      append(bytes, name.getBytes(UTF_8));
      append(bytes, type.getBytes(UTF_8));
      if (type.startsWith("Binary")) {
        bytes.write(BINARY);
        var value = attribute.path("BinaryValue").stringValue("");
        append(bytes, Base64.getDecoder().decode(value));
      } else {
        bytes.write(STRING);
        append(bytes, attribute.path("StringValue").stringValue("").getBytes(UTF_8));
      }
    });
    return bytes.toByteArray();
  }

  private static void append(ByteArrayOutputStream bytes, byte[] part) {
    bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
    bytes.writeBytes(part);
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}

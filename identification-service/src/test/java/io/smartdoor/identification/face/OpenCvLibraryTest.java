package io.smartdoor.identification.face;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM of its own: what is loaded into this one stays. */
class OpenCvLibraryTest {

  @Test
  void unpacksIntoAFolderOfItsOwnAndRemovesItAtTheEnd(@TempDir Path folder) throws Exception {
    assertThat(loadingIn(folder)).anyMatch(it -> it.startsWith("Loaded["));
    try (var left = Files.list(folder)) {
      assertThat(left.map(it -> it.getFileName().toString()))
          .noneMatch(it -> it.startsWith("smartdoor-opencv-"));
    }
  }

  /** They need GTK, which machines without windows do not have. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void loadsNoWindows(@TempDir Path folder) throws Exception {
    assertThat(loadingIn(folder))
        .anyMatch(it -> it.contains("libjniopencv_objdetect"))
        .noneMatch(it -> it.contains("libjniopencv_highgui"));
  }

  @Test
  void saysWhereItCouldNotBeLoadedFromEachTime(@TempDir Path folder) throws Exception {
    var nowhere = folder.resolve("nowhere");

    assertThat(loadingIn(nowhere))
        .filteredOn(it -> it.startsWith("expected OpenCV's libraries to load from " + nowhere))
        .hasSize(2);
  }

  private static List<String> loadingIn(Path temporaryFolder) throws Exception {
    var loading =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporaryFolder,
                "-cp",
                System.getProperty("java.class.path"),
                Loading.class.getName())
            .redirectErrorStream(true)
            .start();
    var said = new String(loading.getInputStream().readAllBytes(), UTF_8);
    assertThat(loading.waitFor()).isZero();
    return said.lines().toList();
  }

  /** Loads twice, and says what became of it. */
  static final class Loading {

    private Loading() {}

    public static void main(String[] arguments) throws IOException {
      var library = new OpenCvLibrary(System::nanoTime);
      for (var i = 0; i < 2; i++) {
        try {
          library.load();
          System.out.println(library.state());
        } catch (FaceMatcherUnavailableException e) {
          System.out.println(e.getMessage());
        }
      }
      var mapped = Path.of("/proc/self/maps");
      if (Files.exists(mapped)) {
        Files.readAllLines(mapped).forEach(System.out::println);
      }
    }
  }
}

package io.smartdoor.identification.workflow;

import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.micrometer.core.instrument.MeterRegistry;
import io.smartdoor.events.EventCodec;
import io.smartdoor.messaging.AwsClients;
import io.smartdoor.messaging.consuming.Subscription;
import io.smartdoor.messaging.publishing.EventPublisher;
import io.smartdoor.messaging.tracing.Traces;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.sfn.SfnClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WorkflowProperties.class)
class WorkflowConfiguration {

  @Bean
  SfnClient sfnClient(AwsClientBuilderConfigurer configurer) {
    return AwsClients.build(configurer, SfnClient.builder());
  }

  @Bean
  Subscription<IdentificationMessage> identification(
      WorkflowProperties properties,
      SfnClient stepFunctions,
      EventPublisher publisher,
      EventCodec events,
      MeterRegistry meters,
      Traces traces) {
    var stateMachine = new StateMachineArn(properties.stateMachineArn());
    var inputs = new WorkflowInputCodec(events);
    var workflow = new StepFunctionsWorkflow(stepFunctions, stateMachine, inputs);
    return new Subscription<>(
        "identification",
        properties.queue(),
        properties.deadLetterQueue(),
        new IdentificationDecoder(events),
        new IdentifyOnEvents(
            stateMachine, workflow, workflow, inputs, publisher, events, meters, traces));
  }
}

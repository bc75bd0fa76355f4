using Ticketing.AppHost;
using Ticketing.AppHost.LocalServers;
using Ticketing.AppHost.Supervision;

LocalRun.ExplainFailures();
var builder = DistributedApplication.CreateBuilder(args);
builder.RunLocally();
builder.CheckPublishing();

// What can be set from outside: Parameters__hold_seconds=5 ./run.sh
var holdSeconds = builder.AddSetting("hold-seconds", "60");
var paymentGraceSeconds = builder.AddSetting("payment-grace-seconds", "120");
var rateLimits = builder.Setting("rate-limits", "on") != "off";
var webPort = builder.Number("web-port", 8080);
var publicOrigin = builder.PublicOrigin($"http://localhost:{webPort}");

// Servers. Each service has a database of its own in PostgreSQL, and a role that can enter no other.
var postgres = builder.AddPostgresServer("postgres");
var redis = builder.AddRedisServer("redis");
var rabbitmq = builder.AddRabbitMQServer("rabbitmq");

// Services. None waits for the broker: each sells, and comes back, without it.
var auth = builder.AddService<Projects.Ticketing_Auth>("auth")
    .WithDatabase(postgres)
    .WithReference(rabbitmq)
    .WithReference(redis).WaitFor(redis);

var tickets = builder.AddService<Projects.Ticketing_Tickets>("tickets")
    .WithDatabase(postgres)
    .WithReference(rabbitmq)
    .WithReference(auth);

var orders = builder.AddService<Projects.Ticketing_Orders>("orders")
    .WithDatabase(postgres)
    .WithReference(rabbitmq)
    .WithReference(auth)
    .WithEnvironment("Orders__HoldSeconds", holdSeconds)
    .WithEnvironment("Orders__PaymentGraceSeconds", paymentGraceSeconds);

var payments = builder.AddService<Projects.Ticketing_Payments>("payments")
    .WithDatabase(postgres)
    .WithReference(rabbitmq)
    .WithReference(auth).WithReference(orders)
    .WithEnvironment("Site__PublicOrigin", publicOrigin)
    .WithStripe(out var paymentPages);

var expiration = builder.AddService<Projects.Ticketing_Expiration>("expiration")
    .WithReference(redis).WaitFor(redis)
    .WithReference(rabbitmq);

var web = builder.AddService<Projects.Ticketing_Web>("web")
    .WithReference(redis).WaitFor(redis)
    .WithReference(rabbitmq)
    .WithReference(auth).WithReference(tickets).WithReference(orders).WithReference(payments).WithReference(expiration)
    .WithEnvironment("Site__PublicOrigin", publicOrigin)
    .WithEnvironment("Site__PaymentPages", paymentPages)
    .WithExternalHttpEndpoints();
if (builder.ExecutionContext.IsRunMode)
{
    web.WithEndpoint("http", endpoint => endpoint.Port = webPort).SaysWhereItIs().WithDemo();
    web.WithCheckCommand(payments, postgres, redis, rabbitmq);
    foreach (var service in (IResourceBuilder<ProjectResource>[])[auth, tickets, orders, payments])
        service.WithRepublishCommand().WithRequeueErrorsCommand();
    expiration.WithRequeueErrorsCommand();
}

foreach (var service in (IResourceBuilder<ProjectResource>[])[auth, tickets, orders, payments, web])
{
    service.WithEnvironment("Authentication__Issuer", publicOrigin);
    service.WithEnvironment("RateLimits__Enabled", rateLimits ? "true" : "false");
}

builder.Build().RunToTheEnd();

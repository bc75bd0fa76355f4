using Ticketing.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// What can be set from outside: Parameters__hold_seconds=5 ./run.sh
var holdSeconds = builder.AddSetting("hold-seconds", "60");
var paymentGraceSeconds = builder.AddSetting("payment-grace-seconds", "120");
var rateLimits = builder.Setting("rate-limits", "on") != "off";
var webPort = builder.Number("web-port", 8080);
var publicOrigin = builder.PublicOrigin($"http://localhost:{webPort}");

// Servers. Each service has a database of its own in PostgreSQL, and a role that can enter no other.
var postgres = builder.AddPostgres("postgres").WithDataVolume();
var redis = builder.AddRedis("redis").WithDataVolume().WithPersistence();
var rabbitmq = builder.AddRabbitMQ("rabbitmq").WithDataVolume();

// Services.
var auth = builder.AddService("auth", "Auth")
    .WithDatabase(postgres)
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(redis).WaitFor(redis);

var tickets = builder.AddService("tickets", "Tickets")
    .WithDatabase(postgres)
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(auth);

var orders = builder.AddService("orders", "Orders")
    .WithDatabase(postgres)
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(auth)
    .WithEnvironment("Orders__HoldSeconds", holdSeconds)
    .WithEnvironment("Orders__PaymentGraceSeconds", paymentGraceSeconds);

var payments = builder.AddService("payments", "Payments")
    .WithDatabase(postgres)
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(auth).WithReference(orders)
    .WithEnvironment("Site__PublicOrigin", publicOrigin)
    .WithStripe(out var paymentPages);

var expiration = builder.AddService("expiration", "Expiration")
    .WithReference(redis).WaitFor(redis)
    .WithReference(rabbitmq).WaitFor(rabbitmq);

var web = builder.AddService("web", "Web")
    .WithReference(redis).WaitFor(redis)
    .WithReference(rabbitmq).WaitFor(rabbitmq)
    .WithReference(auth).WithReference(tickets).WithReference(orders).WithReference(payments).WithReference(expiration)
    .WithEnvironment("Site__PublicOrigin", publicOrigin)
    .WithEnvironment("Site__PaymentPages", paymentPages)
    .WithExternalHttpEndpoints();
if (builder.ExecutionContext.IsRunMode)
    web.WithEndpoint("http", endpoint => endpoint.Port = webPort).WithDemo();

foreach (var service in (IResourceBuilder<ProjectResource>[])[auth, tickets, orders, payments, web])
{
    service.WithEnvironment("Authentication__Issuer", publicOrigin);
    service.WithEnvironment("RateLimits__Enabled", rateLimits ? "true" : "false");
}

builder.Build().Run();

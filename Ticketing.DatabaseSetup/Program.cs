using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ticketing.DatabaseSetup;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddOptions<SetupOptions>().BindConfiguration("Setup")
    .Configure<IConfiguration>((options, configuration) => options.Superuser = configuration.GetConnectionString("postgres") ?? "")
    .ValidateDataAnnotations().ValidateOnStart();
builder.Services.AddHostedService<CreateDatabases>();
builder.Build().Run();
return Environment.ExitCode;

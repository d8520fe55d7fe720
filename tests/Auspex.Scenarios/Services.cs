using Auspex.TestKit.Services;
using Xunit;

// Started by the first test that asks for them, shared by all, ended with the run.
[assembly: AssemblyFixture(typeof(AzuriteFixture))]
[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(SftpFixture))]
[assembly: AssemblyFixture(typeof(S3Fixture))]
[assembly: AssemblyFixture(typeof(MariaDbFixture))]

using ChaosPS.Ports;
using ChaosPS.Time;

namespace ChaosPS.Tests.Fakes;

/// <summary>A connection to fakes, with a clock of its own and a state directory that goes away with it.</summary>
public sealed class FakeWorld : IDisposable
{
    public FakeWorld(
        int nodes = 3, ConnectionKind kind = ConnectionKind.Sandbox, HttpMessageHandler? application = null, IAzurePlatform? azure = null, Uri? served = null)
    {
        StateDirectory = Directory.CreateTempSubdirectory("chaosps-test-").FullName;
        Clock = new VirtualClock(Start);
        Cluster = new FakeCluster();
        Machines = new FakeMachines(Clock, Cluster, nodes);
        Connection = new ChaosConnection
        {
            Name = "fake",
            Server = "https://fake.invalid",
            Kind = kind,
            Origin = new ConnectionOrigin(Sandbox: served),
            Cluster = Cluster,
            Power = Machines,
            Azure = azure,
            Http = new HttpMessageInvoker(application ?? new FakeApplication(Clock)),
            Time = Clock,
        };
    }

    public static DateTimeOffset Start { get; } = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    public string StateDirectory { get; }

    public VirtualClock Clock { get; }

    public FakeCluster Cluster { get; }

    public FakeMachines Machines { get; }

    public ChaosConnection Connection { get; }

    public void Dispose()
    {
        Connection.Http.Dispose();
        Directory.Delete(StateDirectory, recursive: true);
    }
}

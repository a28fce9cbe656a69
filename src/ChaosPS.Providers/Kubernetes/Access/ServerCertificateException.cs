namespace ChaosPS.Providers.Kubernetes.Access;

/// <summary>What is wrong with a server's certificate.</summary>
internal enum ServerCertificateFault
{
    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It has run out, or its time has not come.</summary>
    NotInTime,

    /// <summary>It is for another host.</summary>
    OtherName,

    /// <summary>Nobody signed it who is trusted.</summary>
    UnknownAuthority,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>A server's certificate is not the right one. It is thrown inside a TLS handshake and comes out as what is behind its failure.</summary>
internal sealed class ServerCertificateException(ServerCertificateFault fault, string message) : Exception(message)
{
    /// <summary>What is wrong with it.</summary>
    public ServerCertificateFault Fault => fault;
}
